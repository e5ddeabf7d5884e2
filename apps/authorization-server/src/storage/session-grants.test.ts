import { afterEach, expect, test, vi } from 'vitest';
import { createKeyring } from '../keys/keyring.ts';
import { startTables } from '../testing/temporary-tables.ts';
import { createSessionGrants } from './session-grants.ts';

afterEach(() => vi.useRealTimers());

const key = { sessionUid: 's1', clientId: 'plants', accountId: 'alice' };

async function startSessionGrants() {
  const tables = await startTables();
  return Object.assign(tables, { grants: createSessionGrants(tables.database, tables.keyring) });
}

test('a session and client have one grant, however often it is asked for', async () => {
  await using room = await startSessionGrants();
  const id = await room.grants.idFor(key);
  expect(id).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(await room.grants.idFor(key)).toBe(id);
});

test('tabs that ask at once are told the same, over two connections too', async () => {
  await using room = await startSessionGrants();
  const other = createSessionGrants(await room.again(), createKeyring(room.key));
  for (let round = 0; round < 10; round++) {
    const ask = { ...key, sessionUid: `s${round}` };
    const ids = await Promise.all([room.grants, other, room.grants, other].map((grants) => grants.idFor(ask)));
    expect(new Set(ids).size).toBe(1);
  }
});

test.each([{ sessionUid: 's2' }, { clientId: 'trees' }, { accountId: 'bob' }])('%j has another', async (different) => {
  await using room = await startSessionGrants();
  expect(await room.grants.idFor({ ...key, ...different })).not.toBe(await room.grants.idFor(key));
});

test('a revoked grant never comes back', async () => {
  await using room = await startSessionGrants();
  const [mine, yours] = [await room.grants.idFor(key), await room.grants.idFor({ ...key, accountId: 'bob' })];
  await room.grants.forget(mine);
  expect(await room.grants.idFor(key)).not.toBe(mine);
  expect(await room.grants.idFor({ ...key, accountId: 'bob' })).toBe(yours);
});

test('the session cannot be told from the row', async () => {
  await using room = await startSessionGrants();
  await room.grants.idFor({ ...key, sessionUid: 'the-session-uid' });
  expect(JSON.stringify(await room.query.selectFrom('session_grants').selectAll().execute())).not.toContain(
    'the-session-uid',
  );
});

test('the sweep takes the old ones, a batch at a time', async () => {
  await using room = await startSessionGrants();
  vi.useFakeTimers({ toFake: ['Date'], now: 10_000 });
  for (const sessionUid of ['a', 'b', 'c']) await room.grants.idFor({ ...key, sessionUid });
  vi.setSystemTime(20_000);
  const young = await room.grants.idFor({ ...key, sessionUid: 'young' });
  expect(await room.grants.sweep(10_000, 2)).toBe(0);
  vi.setSystemTime(20_001);
  expect(await room.grants.sweep(10_000, 2)).toBe(2);
  expect(await room.grants.sweep(10_000, 2)).toBe(1);
  expect(await room.grants.sweep(10_000, 2)).toBe(0);
  expect(await room.grants.idFor({ ...key, sessionUid: 'young' })).toBe(young);
});
