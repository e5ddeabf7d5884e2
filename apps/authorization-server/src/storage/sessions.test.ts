import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { raceProcesses } from '../testing/racing-processes.ts';
import { startTables } from '../testing/temporary-tables.ts';
import { createSessions } from './sessions.ts';

const start = 1_700_000_000_000;

beforeEach(() => vi.useFakeTimers({ toFake: ['Date'], now: start }));
afterEach(() => vi.useRealTimers());

const after = (ms: number) => vi.setSystemTime(start + ms);
const day = 86_400;
const alice = { uid: 'u1', jti: 'c1', accountId: 'alice', loginTs: 1 };

async function startSessions() {
  const tables = await startTables();
  return Object.assign(tables, { sessions: createSessions(tables.database, tables.keyring) });
}

test('a session is found by the cookie and by its uid', async () => {
  await using room = await startSessions();
  await room.sessions.save('c1', alice, day);
  expect(await room.sessions.find('c1')).toEqual(alice);
  expect(await room.sessions.findByUid('u1')).toEqual(alice);
  expect(await room.sessions.find('u1')).toBeUndefined();
  expect(await room.sessions.find('c2')).toBeUndefined();
});

test('both cookies of two tabs lead to one session that knows both clients', async () => {
  await using room = await startSessions();
  await room.sessions.save('c1', alice, day);
  await room.sessions.save('c2', { ...alice, jti: 'c2', authorizations: { plants: { sid: '1' } } }, day);
  await room.sessions.save('c3', { ...alice, jti: 'c3', authorizations: { trees: { sid: '2' } } }, day);
  const authorizations = { plants: { sid: '1' }, trees: { sid: '2' } };
  expect(await room.sessions.find('c2')).toEqual({ ...alice, jti: 'c2', authorizations });
  expect(await room.sessions.find('c3')).toEqual({ ...alice, jti: 'c3', authorizations });
  expect(await room.query.selectFrom('sessions').select('uid_hash').execute()).toHaveLength(1);
});

test('tabs that write at once lose nothing', async () => {
  await using room = await startSessions();
  await room.sessions.save('c0', alice, day);
  const clients = Array.from({ length: 20 }, (_, index) => `client${index}`);
  await Promise.all(
    clients.map((client) => {
      const authorizations = { [client]: { sid: client } };
      return room.sessions.save(`c-${client}`, { ...alice, jti: `c-${client}`, authorizations }, day);
    }),
  );
  const session = await room.sessions.findByUid('u1');
  expect(Object.keys(session?.authorizations ?? {}).toSorted()).toEqual(clients.toSorted());
});

test('two processes that write one session lose nothing', async () => {
  await using room = await startSessions();
  vi.useRealTimers();
  await room.sessions.save('c0', alice, day);
  const argument = JSON.stringify({
    place: room.place,
    key: room.key.toString('base64url'),
    session: alice,
    count: 50,
  });
  const script = new URL('../testing/session-writing-process.ts', import.meta.url);
  const written = await raceProcesses<string[]>(script, argument);
  const session = await room.sessions.findByUid('u1');
  expect(Object.keys(session?.authorizations ?? {}).toSorted()).toEqual(written.flat().toSorted());
  expect(written.flat()).toHaveLength(100);
});

test('the old cookie works until the new one has come back, and ten seconds more', async () => {
  await using room = await startSessions();
  await room.sessions.save('c1', alice, day);
  await room.sessions.save('c2', { ...alice, jti: 'c2' }, day);
  after(60_000);
  expect(await room.sessions.find('c1')).toMatchObject({ uid: 'u1' });
  expect(await room.sessions.find('c2')).toMatchObject({ uid: 'u1' });
  after(70_000);
  expect(await room.sessions.find('c1')).toMatchObject({ uid: 'u1' });
  after(70_001);
  expect(await room.sessions.find('c1')).toBeUndefined();
  expect(await room.sessions.find('c2')).toMatchObject({ uid: 'u1', jti: 'c2' });
});

test('presenting a retired cookie does not retire the newer one, nor live longer by it', async () => {
  await using room = await startSessions();
  await room.sessions.save('c1', alice, day);
  await room.sessions.save('c2', { ...alice, jti: 'c2' }, day);
  await room.sessions.find('c2');
  for (const ms of [3_000, 6_000, 9_000]) {
    after(ms);
    expect(await room.sessions.find('c1')).toMatchObject({ uid: 'u1', jti: 'c2' });
  }
  after(10_001);
  expect(await room.sessions.find('c1')).toBeUndefined();
  expect(await room.sessions.find('c2')).toMatchObject({ jti: 'c2' });
});

test('answers that arrive out of order: whichever cookie the browser kept goes on', async () => {
  await using room = await startSessions();
  await room.sessions.save('c1', alice, day);
  await room.sessions.save('c2', { ...alice, jti: 'c2' }, day);
  await room.sessions.save('c3', { ...alice, jti: 'c3' }, day);
  // The browser got c3 first, then c2, and holds c2 now.
  expect(await room.sessions.find('c2')).toMatchObject({ jti: 'c2' });
  after(60_000);
  expect(await room.sessions.find('c1')).toBeUndefined();
  expect(await room.sessions.find('c2')).toMatchObject({ jti: 'c2' });
  await room.sessions.save('c4', { ...alice, jti: 'c4' }, day);
  expect(await room.sessions.find('c4')).toMatchObject({ jti: 'c4' });
});

test('when the account changes, every older cookie is worthless at once', async () => {
  await using room = await startSessions();
  await room.sessions.save('fixed', { uid: 'u1', jti: 'fixed' }, day);
  await room.sessions.save('c2', { ...alice, jti: 'c2' }, day);
  expect(await room.sessions.find('fixed')).toBeUndefined();
  await room.sessions.save('c3', { uid: 'u1', jti: 'c3', accountId: 'bob', loginTs: 2 }, day);
  expect(await room.sessions.find('c2')).toBeUndefined();
  expect(await room.sessions.find('c3')).toMatchObject({ accountId: 'bob' });
});

test('a tab that has not seen the newer sign-in neither undoes it nor gets a way into it', async () => {
  await using room = await startSessions();
  await room.sessions.save('c1', { uid: 'u1', jti: 'c1' }, day);
  await room.sessions.save('c2', alice, day);
  await room.sessions.save('late', { uid: 'u1', jti: 'late' }, day);
  expect(await room.sessions.find('c2')).toMatchObject({ accountId: 'alice' });
  expect(await room.sessions.find('late')).toBeUndefined();

  await room.sessions.save('c3', { uid: 'u1', jti: 'c3', accountId: 'bob', loginTs: 2 }, day);
  await room.sessions.save('c2', { ...alice, jti: 'c2' }, day);
  expect(await room.sessions.find('c3')).toMatchObject({ accountId: 'bob' });
  expect(await room.sessions.find('c2')).toBeUndefined();
});

test('a session that has ended is gone by each cookie, and a late save does not bring it back', async () => {
  await using room = await startSessions();
  await room.sessions.save('c1', alice, day);
  await room.sessions.save('c2', { ...alice, jti: 'c2' }, day);
  await room.sessions.end('u1');
  await room.sessions.save('c3', { ...alice, jti: 'c3' }, day);
  await room.sessions.save('c2', { ...alice, jti: 'c2' }, day);
  for (const id of ['c1', 'c2', 'c3']) expect(await room.sessions.find(id), id).toBeUndefined();
});

test('an ended session keeps nothing of the person', async () => {
  await using room = await startSessions();
  await room.sessions.save('c1', alice, day);
  await room.sessions.end('u1');
  expect(await room.query.selectFrom('sessions').select(['sealed', 'ended_at']).execute()).toEqual([
    { sealed: null, ended_at: start },
  ]);
  expect(await room.query.selectFrom('session_aliases').selectAll().execute()).toEqual([]);
});

test('all sessions of a person end at once, and of nobody else', async () => {
  await using room = await startSessions();
  await room.sessions.save('c1', alice, day);
  await room.sessions.save('c2', { ...alice, uid: 'u2', jti: 'c2' }, day);
  await room.sessions.save('c3', { uid: 'u3', jti: 'c3', accountId: 'bob' }, day);
  await room.sessions.save('c4', { uid: 'u4', jti: 'c4' }, day);
  await room.sessions.endAllOf('alice');
  await room.sessions.save('c5', { ...alice, jti: 'c5' }, day);
  for (const id of ['c1', 'c2', 'c5']) expect(await room.sessions.find(id), id).toBeUndefined();
  expect(await room.sessions.find('c3')).toMatchObject({ accountId: 'bob' });
  expect(await room.sessions.find('c4')).toMatchObject({ uid: 'u4' });
});

test('a session runs out, and each save moves its end', async () => {
  await using room = await startSessions();
  await room.sessions.save('c1', alice, 100);
  after(99_999);
  expect(await room.sessions.find('c1')).toBeDefined();
  await room.sessions.save('c1', alice, 100);
  after(199_998);
  expect(await room.sessions.find('c1')).toBeDefined();
  after(199_999);
  expect(await room.sessions.find('c1')).toBeUndefined();
  expect(await room.sessions.findByUid('u1')).toBeUndefined();
});

test('the sweep takes what has run out with its cookies, and an ended session only then', async () => {
  await using room = await startSessions();
  await room.sessions.save('c1', alice, 100);
  await room.sessions.save('c2', { ...alice, uid: 'u2', jti: 'c2' }, 100);
  await room.sessions.save('c3', { ...alice, uid: 'u3', jti: 'c3' }, 1_000);
  await room.sessions.end('u2');
  expect(await room.sessions.sweep(10)).toBe(0);
  after(100_001);
  expect(await room.sessions.sweep(1)).toBe(1);
  expect(await room.sessions.sweep(10)).toBe(1);
  expect(await room.query.selectFrom('session_aliases').select('id_hash').execute()).toHaveLength(1);
  expect(await room.sessions.find('c3')).toBeDefined();
});

test('the file names neither cookie, uid nor person', async () => {
  await using room = await startSessions();
  await room.sessions.save('the-cookie', { uid: 'the-uid', jti: 'the-cookie', accountId: 'the-person' }, day);
  const stored = JSON.stringify([
    await room.query.selectFrom('sessions').selectAll().execute(),
    await room.query.selectFrom('session_aliases').selectAll().execute(),
  ]);
  for (const secret of ['the-cookie', 'the-uid', 'the-person']) expect(stored).not.toContain(secret);
});
