import { argon2Sync } from 'node:crypto';

export interface HashParameters {
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

/** A hash as a version of the server with other parameters would have made it. */
export function foreignPasswordHash(password: string, parameters: HashParameters): string {
  const { memory, passes, parallelism } = parameters;
  const nonce = Buffer.from('sixteen bytes ok');
  const tag = argon2Sync('argon2id', { message: password, nonce, tagLength: 32, ...parameters });
  const text = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${text(nonce)}$${text(tag)}`;
}
