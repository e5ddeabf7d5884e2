import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { startTables } from '../testing/temporary-tables.ts';
import { admitKey, admittedKeys, KeyMismatchError, keyId, openDataKey, shutOutOtherKeys } from './data-key.ts';
import { createKeyring } from './keyring.ts';
import { loadSigningKeys } from './signing-keys.ts';

const [present, next, stranger] = [randomBytes(32), randomBytes(32), randomBytes(32)];

test('the first start draws the data key, and every later one opens the same', async () => {
  await using tables = await startTables();
  const dataKey = await openDataKey(tables.database, present);
  expect(dataKey).toHaveLength(32);
  expect(dataKey).not.toEqual(present);
  expect(await openDataKey(await tables.again(), present)).toEqual(dataKey);
});

test('two servers that start at once draw one', async () => {
  await using tables = await startTables();
  const other = await tables.again();
  const [one, two] = await Promise.all([openDataKey(tables.database, present), openDataKey(other, present)]);
  expect(one).toEqual(two);
});

test('another key-encryption key is refused, and does not draw a second data key', async () => {
  await using tables = await startTables();
  await openDataKey(tables.database, present);
  await expect(openDataKey(tables.database, stranger)).rejects.toThrow(KeyMismatchError);
  await expect(admitKey(tables.database, stranger, next)).rejects.toThrow(KeyMismatchError);
  await expect(shutOutOtherKeys(tables.database, stranger)).rejects.toThrow(KeyMismatchError);
  expect(await admittedKeys(tables.database)).toHaveLength(1);
});

test('a database from before there were data keys opens with the key that has sealed it, and with no other', async () => {
  await using tables = await startTables();
  const signingKeys = await loadSigningKeys(tables.query, createKeyring(present));
  await expect(openDataKey(tables.database, stranger)).rejects.toThrow(KeyMismatchError);
  expect(await admittedKeys(tables.database)).toEqual([]);
  await admitKey(tables.database, present, next);
  for (const key of [present, next]) {
    const keyring = createKeyring(await openDataKey(tables.database, key));
    expect(await loadSigningKeys(tables.query, keyring)).toEqual(signingKeys);
  }
});

test('a key that was shut out shuts out nobody', async () => {
  await using tables = await startTables();
  await openDataKey(tables.database, present);
  await admitKey(tables.database, present, next);
  const other = await tables.again();
  const outcomes = await Promise.allSettled([
    shutOutOtherKeys(tables.database, present),
    shutOutOtherKeys(other, next),
  ]);
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(await admittedKeys(tables.database)).toHaveLength(1);
});

test('while it is being replaced both open the data, afterwards only the new one', async () => {
  await using tables = await startTables();
  const dataKey = await openDataKey(tables.database, present);
  await admitKey(tables.database, present, next);
  await admitKey(tables.database, present, next);
  expect((await admittedKeys(tables.database)).map(({ id }) => id)).toEqual([keyId(present), keyId(next)]);
  for (const key of [present, next]) expect(await openDataKey(tables.database, key)).toEqual(dataKey);
  expect(await shutOutOtherKeys(tables.database, next)).toBe(1);
  expect(await openDataKey(tables.database, next)).toEqual(dataKey);
  await expect(openDataKey(tables.database, present)).rejects.toThrow(KeyMismatchError);
});

test('who reads the table sees neither the data key nor a key-encryption key', async () => {
  await using tables = await startTables();
  const dataKey = await openDataKey(tables.database, present);
  const stored = JSON.stringify(await tables.query.selectFrom('data_keys').selectAll().execute());
  for (const key of [dataKey, present]) expect(stored).not.toContain(key.toString('base64url'));
});

test('a sealed data key that was altered is refused', async () => {
  await using tables = await startTables();
  await openDataKey(tables.database, present);
  await tables.query.updateTable('data_keys').set({ sealed: 'v1.AAAA' }).execute();
  await expect(openDataKey(tables.database, present)).rejects.toThrow(KeyMismatchError);
});
