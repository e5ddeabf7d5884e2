import { randomBytes } from 'node:crypto';
import { mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { createKeyring, type Keyring } from '../keys/keyring.ts';
import { openTables, type Tables, type TablesDatabase, type TablesPlace } from '../tables.ts';

export interface TemporaryTables extends AsyncDisposable {
  readonly place: TablesPlace;
  readonly database: TablesDatabase;
  readonly query: Kysely<Tables>;
  readonly key: Buffer;
  readonly keyring: Keyring;
  /** Another connection to the same file, as a second server would have; closed with the first. */
  again(): Promise<TablesDatabase>;
  close(): Promise<void>;
}

/** Real tables in a file of their own, and a keyring; both are gone afterwards. */
export async function startTables(): Promise<TemporaryTables> {
  const folder = mkdtempDisposableSync(join(tmpdir(), 'latchkey-'));
  const place = { databaseFile: join(folder.path, 'latchkey.sqlite') };
  const key = randomBytes(32);
  const first = await openTables(place);
  const connections = [first];
  const close = async () => {
    for (const connection of connections.splice(0)) await connection.close();
  };
  return {
    place,
    database: first,
    query: first.query,
    key,
    keyring: createKeyring(key),
    async again() {
      const another = await openTables(place);
      connections.push(another);
      return another;
    },
    close,
    async [Symbol.asyncDispose]() {
      await close();
      folder.remove();
    },
  };
}
