import { randomBytes } from 'node:crypto';
import type { Transaction } from 'kysely';
import type { Tables, TablesDatabase } from '../tables.ts';
import { createKeyring } from './keyring.ts';

/*
 * Everything is sealed under one data key, which is drawn once and never leaves the server's memory in the clear. In the
 * database it lies sealed under the key-encryption key, and for as long as that one is being replaced also under the
 * next. So the key-encryption key changes in an instant, while servers run: none of the sealed rows is touched.
 */

/** No key-encryption key that opens this database was given. */
export class KeyMismatchError extends Error {
  constructor() {
    super(
      'KEY_ENCRYPTION_KEY does not open what the database holds. ' +
        'Give the key that it was made with, or restore the data folder together with its key-encryption-key file.',
    );
    this.name = 'KeyMismatchError';
  }
}

const version = 1;

/** Names a key-encryption key without giving it away. */
export function keyId(keyEncryptionKey: Buffer): string {
  return createKeyring(keyEncryptionKey).digest('data-key-id').slice(0, 16);
}

/**
 * The data key; made at the first start.
 *
 * @throws {KeyMismatchError} when it is sealed under other key-encryption keys only
 */
export function openDataKey(database: TablesDatabase, keyEncryptionKey: Buffer): Promise<Buffer> {
  return database.transact((transaction) => opened(transaction, keyEncryptionKey));
}

/** Lets another key-encryption key open the data as well. Doing it twice does no harm. */
export async function admitKey(database: TablesDatabase, present: Buffer, another: Buffer): Promise<void> {
  await database.transact(async (transaction) => store(transaction, await opened(transaction, present), another));
}

/** From now on only this key-encryption key opens the data. @returns how many were shut out */
export async function shutOutOtherKeys(database: TablesDatabase, kept: Buffer): Promise<number> {
  // NOTE: together, so that a key that was itself shut out meanwhile shuts out nobody.
  const shutOut = await database.transact(async (transaction) => {
    await opened(transaction, kept);
    const { numDeletedRows } = await transaction
      .deleteFrom('data_keys')
      .where('kek_id', '<>', keyId(kept))
      .executeTakeFirstOrThrow();
    return Number(numDeletedRows);
  });
  await database.purge('data_keys');
  return shutOut;
}

export interface AdmittedKey {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly since: number;
}

export async function admittedKeys({ query }: TablesDatabase): Promise<AdmittedKey[]> {
  const rows = await query.selectFrom('data_keys').select(['kek_id', 'created_at']).orderBy('created_at').execute();
  return rows.map(({ kek_id, created_at }) => ({ id: kek_id, since: created_at }));
}

async function opened(transaction: Transaction<Tables>, keyEncryptionKey: Buffer): Promise<Buffer> {
  const rows = await transaction.selectFrom('data_keys').select(['kek_id', 'sealed']).execute();
  const own = rows.find(({ kek_id }) => kek_id === keyId(keyEncryptionKey));
  if (own) return unsealed(keyEncryptionKey, own.sealed);
  if (rows.length > 0) throw new KeyMismatchError();
  const dataKey = (await hasSealed(transaction, keyEncryptionKey)) ? keyEncryptionKey : randomBytes(32);
  await store(transaction, dataKey, keyEncryptionKey);
  return dataKey;
}

/**
 * Whether this key-encryption key has sealed the rows itself, as all did before there were data keys. It goes on as the
 * data key of that database.
 *
 * @throws {KeyMismatchError} when another one has
 */
async function hasSealed(transaction: Transaction<Tables>, keyEncryptionKey: Buffer): Promise<boolean> {
  const row = await transaction.selectFrom('signing_keys').select(['kid', 'sealed']).limit(1).executeTakeFirst();
  if (!row) return false;
  try {
    createKeyring(keyEncryptionKey).open('signing-key-seal', row.kid, row.sealed);
    return true;
  } catch {
    throw new KeyMismatchError();
  }
}

async function store(transaction: Transaction<Tables>, dataKey: Buffer, keyEncryptionKey: Buffer): Promise<void> {
  const kek_id = keyId(keyEncryptionKey);
  const sealed = createKeyring(keyEncryptionKey).seal('data-key-seal', kek_id, dataKey.toString('base64url'));
  await transaction
    .insertInto('data_keys')
    .values({ version, kek_id, sealed, created_at: Date.now() })
    .onConflict((conflict) => conflict.columns(['version', 'kek_id']).doNothing())
    .execute();
}

function unsealed(keyEncryptionKey: Buffer, sealed: string): Buffer {
  try {
    const opened = createKeyring(keyEncryptionKey).open('data-key-seal', keyId(keyEncryptionKey), sealed);
    return Buffer.from(opened, 'base64url');
  } catch {
    throw new KeyMismatchError();
  }
}
