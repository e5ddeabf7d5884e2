import { randomBytes } from 'node:crypto';
import { mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { createKeyring, type Keyring } from '../keys/keyring.ts';
import { openTables, type Tables } from '../tables.ts';

export interface TemporaryTables extends AsyncDisposable {
  readonly file: string;
  readonly query: Kysely<Tables>;
  readonly key: Buffer;
  readonly keyring: Keyring;
  /** Another connection to the same file, as a second server would have; closed with the first. */
  again(): Kysely<Tables>;
  close(): Promise<void>;
}

/** Real tables in a file of their own, and a keyring; both are gone afterwards. */
export function startTables(): TemporaryTables {
  const folder = mkdtempDisposableSync(join(tmpdir(), 'latchkey-'));
  const file = join(folder.path, 'latchkey.sqlite');
  const key = randomBytes(32);
  const first = openTables(file);
  const connections = [first];
  const close = async () => {
    for (const connection of connections.splice(0)) await connection.close();
  };
  return {
    file,
    query: first.query,
    key,
    keyring: createKeyring(key),
    again() {
      const another = openTables(file);
      connections.push(another);
      return another.query;
    },
    close,
    async [Symbol.asyncDispose]() {
      await close();
      folder.remove();
    },
  };
}
