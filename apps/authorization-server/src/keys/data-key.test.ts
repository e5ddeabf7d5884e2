import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { startTables } from '../testing/temporary-tables.ts';
import { admitKey, admittedKeys, KeyMismatchError, keyId, openDataKey, shutOutOtherKeys } from './data-key.ts';

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
