import { randomBytes } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { startTables } from '../testing/temporary-tables.ts';
import { createKeyring } from './keyring.ts';
import { loadSigningKeys } from './signing-keys.ts';

test('the first start makes an ES256 key, which signs, and an RS256 key of at least 2048 bits', async () => {
  await using tables = await startTables();
  const keys = await loadSigningKeys(tables.query, tables.keyring);
  expect(keys).toEqual([
    expect.objectContaining({ alg: 'ES256', kty: 'EC', crv: 'P-256', use: 'sig', d: expect.any(String) }),
    expect.objectContaining({ alg: 'RS256', kty: 'RSA', use: 'sig', d: expect.any(String) }),
  ]);
  expect(Buffer.from(String(keys[1]?.n), 'base64url').length * 8).toBeGreaterThanOrEqual(2048);
  expect(new Set(keys.map(({ kid }) => kid)).size).toBe(2);
  for (const key of keys) {
    const token = await new SignJWT({}).setProtectedHeader({ alg: String(key.alg) }).sign(key);
    const { d, p, q, dp, dq, qi, ...publicKey } = key;
    await jwtVerify(token, publicKey);
  }
});

test('a restart finds the same keys', async () => {
  await using tables = await startTables();
  const keys = await loadSigningKeys(tables.query, tables.keyring);
  expect(await loadSigningKeys((await tables.again()).query, createKeyring(tables.key))).toEqual(keys);
});

test('two servers that start at once sign with the same keys', async () => {
  await using tables = await startTables();
  const { query: other } = await tables.again();
  const [one, two] = await Promise.all([
    loadSigningKeys(tables.query, tables.keyring),
    loadSigningKeys(other, createKeyring(tables.key)),
  ]);
  expect(one).toEqual(two);
  expect(await tables.query.selectFrom('signing_keys').select('algorithm').execute()).toHaveLength(2);
});

test('the stored key is sealed, and useless under another key or in another row', async () => {
  await using tables = await startTables();
  const [key] = await loadSigningKeys(tables.query, tables.keyring);
  const rows = await tables.query.selectFrom('signing_keys').selectAll().execute();
  expect(JSON.stringify(rows)).not.toContain(key?.d);
  await expect(loadSigningKeys(tables.query, createKeyring(randomBytes(32)))).rejects.toThrow();
  await tables.query.updateTable('signing_keys').set({ kid: 'moved' }).where('algorithm', '=', 'ES256').execute();
  await expect(loadSigningKeys(tables.query, tables.keyring)).rejects.toThrow();
});
