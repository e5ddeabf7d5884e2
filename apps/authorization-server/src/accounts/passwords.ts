import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(argon2);

/** argon2id as OWASP recommends for 2025: 19 MiB, two passes, one lane. Kept with each hash, so it can be raised later. */
const current = { memory: 19_456, passes: 2, parallelism: 1 } as const;
const saltLength = 16;
const tagLength = 32;

/** Longer passwords are refused rather than cut: nobody should believe that the rest counts. */
export const maximumPasswordLength = 1024;

/** @returns the PHC string `$argon2id$v=19$m=…,t=…,p=…$salt$hash` */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(saltLength);
  const tag = await derive('argon2id', { message: normalized(password), nonce, tagLength, ...current });
  const parameters = `m=${current.memory},t=${current.passes},p=${current.parallelism}`;
  return `$argon2id$v=19$${parameters}$${unpadded(nonce)}$${unpadded(tag)}`;
}

/** Checks a password against a PHC string, in the time that the string's own parameters ask for. */
export async function verifyPassword(hash: string, password: string): Promise<boolean> {
  const parsed = parse(hash);
  if (!parsed || password.length > maximumPasswordLength) return false;
  const { memory, passes, parallelism, nonce, tag } = parsed;
  const message = normalized(password);
  const actual = await derive('argon2id', { message, nonce, tagLength: tag.length, memory, passes, parallelism });
  return timingSafeEqual(actual, tag);
}

/** Whether the hash was made with other parameters than today's. */
export function needsRehash(hash: string): boolean {
  const parsed = parse(hash);
  return (
    parsed?.memory !== current.memory || parsed.passes !== current.passes || parsed.parallelism !== current.parallelism
  );
}

/** The same characters typed on another keyboard may arrive decomposed. */
function normalized(password: string): string {
  return password.normalize('NFKC');
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}

const phc = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

function parse(hash: string) {
  const [, memory, passes, parallelism, nonce, tag] = phc.exec(hash) ?? [];
  if (!nonce || !tag) return undefined;
  return {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    nonce: Buffer.from(nonce, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  };
}
