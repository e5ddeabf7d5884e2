import { afterEach, expect, test, vi } from 'vitest';
import { createKeyring } from '../keys/keyring.ts';
import { startTables } from '../testing/temporary-tables.ts';
import { createSessionGrants } from './session-grants.ts';

afterEach(() => vi.useRealTimers());

const key = { sessionUid: 's1', clientId: 'plants', accountId: 'alice' };

async function startSessionGrants() {
  const tables = await startTables();
  return Object.assign(tables, {
    grants: createSessionGrants(tables.database, tables.keyring),
    async lives(grantId: string) {
      const rows = await tables.query
        .selectFrom('session_grants')
        .selectAll()
        .where('grant_id', '=', grantId)
        .execute();
      return rows.length > 0;
    },
  });
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

const nothing = async () => {};

test('a revoked grant never comes back', async () => {
  await using room = await startSessionGrants();
  const [mine, yours] = [await room.grants.idFor(key), await room.grants.idFor({ ...key, accountId: 'bob' })];
  expect(await room.grants.revoke(mine, nothing)).toBe(true);
  expect(await room.lives(mine)).toBe(false);
  expect(await room.grants.revoke(mine, nothing)).toBe(false);
  expect(await room.grants.idFor(key)).not.toBe(mine);
  expect(await room.grants.idFor({ ...key, accountId: 'bob' })).toBe(yours);
});

test('what is to happen with a renewal does not happen once the grant is revoked', async () => {
  await using room = await startSessionGrants();
  const id = await room.grants.idFor(key);
  const written: string[] = [];
  const write = async () => void written.push(id);
  expect(await room.grants.renew(id, 60, write)).toBe(true);
  await room.grants.revoke(id, nothing);
  expect(await room.grants.renew(id, 60, write)).toBe(false);
  expect(written).toEqual([id]);
});

test('a renewal and a revocation happen with what belongs to them, or not at all', async () => {
  await using room = await startSessionGrants();
  const id = await room.grants.idFor(key);
  const fail = async () => {
    throw new Error('the disk is full');
  };
  await expect(room.grants.revoke(id, fail)).rejects.toThrow('the disk is full');
  expect(await room.lives(id)).toBe(true);
  await expect(room.grants.renew(id, 60, fail)).rejects.toThrow('the disk is full');
  const rows = await room.query.selectFrom('session_grants').select('expires_at').execute();
  expect(rows).toEqual([{ expires_at: null }]);
});

test('over two connections, a renewal and a revocation at once leave no grant behind', async () => {
  await using room = await startSessionGrants();
  const other = createSessionGrants(await room.again(), createKeyring(room.key));
  for (let round = 0; round < 10; round++) {
    const id = await room.grants.idFor({ ...key, sessionUid: `s${round}` });
    const [, revoked] = await Promise.all([room.grants.renew(id, 60, nothing), other.revoke(id, nothing)]);
    expect(revoked).toBe(true);
    expect(await room.lives(id)).toBe(false);
  }
});

test('those of a person and a client are revoked over all sessions, and no other', async () => {
  await using room = await startSessionGrants();
  const [one, two] = [await room.grants.idFor(key), await room.grants.idFor({ ...key, sessionUid: 's2' })];
  const others = [
    await room.grants.idFor({ ...key, clientId: 'trees' }),
    await room.grants.idFor({ ...key, accountId: 'bob' }),
  ];
  const revoked = await room.database.transact((transaction) => room.grants.revokeAll('alice', 'plants', transaction));
  expect(revoked.toSorted()).toEqual([one, two].toSorted());
  for (const id of others) expect(await room.lives(id)).toBe(true);
});

test('the session cannot be told from the row', async () => {
  await using room = await startSessionGrants();
  await room.grants.idFor({ ...key, sessionUid: 'the-session-uid' });
  expect(JSON.stringify(await room.query.selectFrom('session_grants').selectAll().execute())).not.toContain(
    'the-session-uid',
  );
});

const hour = 60 * 60 * 1000;

test('the sweep takes what has run out, a batch at a time', async () => {
  await using room = await startSessionGrants();
  vi.useFakeTimers({ toFake: ['Date'], now: 10_000 });
  for (const sessionUid of ['a', 'b', 'c']) {
    await room.grants.renew(await room.grants.idFor({ ...key, sessionUid }), 10, nothing);
  }
  const lasting = await room.grants.idFor({ ...key, sessionUid: 'lasting' });
  await room.grants.renew(lasting, 24 * 3600, nothing);
  vi.setSystemTime(20_000);
  expect(await room.grants.sweep(2)).toBe(0);
  vi.setSystemTime(20_001);
  expect(await room.grants.sweep(2)).toBe(2);
  expect(await room.grants.sweep(2)).toBe(1);
  expect(await room.grants.sweep(2)).toBe(0);
  expect(await room.lives(lasting)).toBe(true);
});

test('the sweep takes what was asked for and never written, after an hour', async () => {
  await using room = await startSessionGrants();
  vi.useFakeTimers({ toFake: ['Date'], now: 10_000 });
  const id = await room.grants.idFor(key);
  vi.setSystemTime(10_000 + hour);
  expect(await room.grants.sweep(2)).toBe(0);
  vi.setSystemTime(10_001 + hour);
  expect(await room.grants.sweep(2)).toBe(1);
  expect(await room.lives(id)).toBe(false);
});
