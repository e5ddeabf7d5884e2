import { randomBytes } from 'node:crypto';
import { temporaryDatabase, testEngine } from '@latchkey/database/testing';
import type { Kysely } from 'kysely';
import { createKeyring, type Keyring } from '../keys/keyring.ts';
import { openTables, type Tables, type TablesDatabase, type TablesPlace } from '../tables.ts';

export interface TemporaryTables extends AsyncDisposable {
  readonly place: TablesPlace;
  readonly database: TablesDatabase;
  readonly query: Kysely<Tables>;
  readonly key: Buffer;
  readonly keyring: Keyring;
  /** Another way in, as a second server would have; closed with the first. */
  again(): Promise<TablesDatabase>;
  close(): Promise<void>;
}

/** Real tables in a database of their own, and a keyring; both are gone afterwards. */
export async function startTables(): Promise<TemporaryTables> {
  const temporary = await temporaryDatabase(testEngine);
  const place = { databaseUrl: temporary.url, databaseFile: temporary.file };
  const key = randomBytes(32);
  const first = await openTables(place);
  const opened = [first];
  const close = async () => {
    for (const database of opened.splice(0)) await database.close();
  };
  return {
    place,
    database: first,
    query: first.query,
    key,
    keyring: createKeyring(key),
    async again() {
      const another = await openTables(place);
      opened.push(another);
      return another;
    },
    close,
    async [Symbol.asyncDispose]() {
      await close();
      await temporary[Symbol.asyncDispose]();
    },
  };
}
