import { afterEach, expect, test, vi } from 'vitest';
import { createKeyring } from '../keys/keyring.ts';
import { raceProcesses } from '../testing/racing-processes.ts';
import { startTables } from '../testing/temporary-tables.ts';
import { createArtifacts } from './artifacts.ts';

afterEach(() => vi.useRealTimers());

async function startArtifacts() {
  const tables = await startTables();
  return Object.assign(tables, {
    artifacts: createArtifacts(tables.database, tables.keyring),
    rows: () => tables.query.selectFrom('artifacts').selectAll().execute(),
  });
}

const aMinute = { expiresIn: 60 };

test('what was saved is found by its model and id, and not by another', async () => {
  await using room = await startArtifacts();
  await room.artifacts.save('AccessToken', 't1', { scope: 'read' }, aMinute);
  expect(await room.artifacts.find('AccessToken', 't1')).toMatchObject({
    payload: { scope: 'read' },
    consumedAt: undefined,
  });
  expect(await room.artifacts.find('AccessToken', 't2')).toBeUndefined();
  expect(await room.artifacts.find('RefreshToken', 't1')).toBeUndefined();
});

test('it is found by its second key, within its model', async () => {
  await using room = await startArtifacts();
  await room.artifacts.save('DeviceCode', 'd1', { device: 1 }, { ...aMinute, lookup: 'ABCD-EFGH' });
  expect((await room.artifacts.findByLookup('DeviceCode', 'ABCD-EFGH'))?.payload).toEqual({ device: 1 });
  expect(await room.artifacts.findByLookup('DeviceCode', 'd1')).toBeUndefined();
  expect(await room.artifacts.findByLookup('Interaction', 'ABCD-EFGH')).toBeUndefined();
});

test('who reads the file learns no id, no second key, no grant and no payload', async () => {
  await using room = await startArtifacts();
  const placement = { ...aMinute, grantId: 'the-grant-id', lookup: 'the-user-code' };
  await room.artifacts.save('DeviceCode', 'the-bearer-value', { jti: 'the-bearer-value', name: 'alice' }, placement);
  const stored = JSON.stringify(await room.rows());
  for (const secret of ['the-bearer-value', 'the-grant-id', 'the-user-code', 'alice', 'jti']) {
    expect(stored).not.toContain(secret);
  }
});

test('a payload that was moved to another row is refused', async () => {
  await using room = await startArtifacts();
  await room.artifacts.save('AccessToken', 'mine', { account: 'mallory' }, aMinute);
  await room.artifacts.save('AccessToken', 'yours', { account: 'alice' }, aMinute);
  const [mine, yours] = await room.rows();
  await room.query
    .updateTable('artifacts')
    .set({ sealed: String(yours?.sealed) })
    .where('id_hash', '=', String(mine?.id_hash))
    .execute();
  const outcomes = await Promise.allSettled(['mine', 'yours'].map((id) => room.artifacts.find('AccessToken', id)));
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
});

test('the first consumption wins, and says when', async () => {
  await using room = await startArtifacts();
  await room.artifacts.save('AuthorizationCode', 'c1', { x: 1 }, aMinute);
  vi.useFakeTimers({ toFake: ['Date'], now: 5_000 });
  expect(await room.artifacts.consume('AuthorizationCode', 'c1')).toBe(true);
  vi.setSystemTime(6_000);
  expect(await room.artifacts.consume('AuthorizationCode', 'c1')).toBe(false);
  expect(await room.artifacts.find('AuthorizationCode', 'c1')).toEqual({ payload: { x: 1 }, consumedAt: 5_000 });
  expect(await room.artifacts.consume('AuthorizationCode', 'unknown')).toBe(false);
});

test('saving never makes a spent artifact new', async () => {
  await using room = await startArtifacts();
  await room.artifacts.save('RefreshToken', 'r1', { rotation: 0 }, aMinute);
  await room.artifacts.consume('RefreshToken', 'r1');
  await room.artifacts.save('RefreshToken', 'r1', { rotation: 1 }, aMinute);
  expect(await room.artifacts.find('RefreshToken', 'r1')).toEqual({
    payload: { rotation: 1 },
    consumedAt: expect.any(Number),
  });
  expect(await room.artifacts.consume('RefreshToken', 'r1')).toBe(false);
});

test('two connections that spend at once: exactly one wins, each time', async () => {
  await using room = await startArtifacts();
  const other = createArtifacts(await room.again(), createKeyring(room.key));
  for (let round = 0; round < 20; round++) {
    await room.artifacts.save('RefreshToken', `r${round}`, {}, aMinute);
    const tries = [room.artifacts, other, room.artifacts, other].map((artifacts) =>
      artifacts.consume('RefreshToken', `r${round}`),
    );
    expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1);
  }
});

test.each([
  ['at each other’s heels', false],
  ['each in an order of its own', true],
])('two processes that spend the same codes, %s: exactly one wins each', async (_, shuffled) => {
  await using room = await startArtifacts();
  const count = 200;
  for (let index = 0; index < count; index++) await room.artifacts.save('AuthorizationCode', `a${index}`, {}, aMinute);
  const argument = JSON.stringify({ place: room.place, key: room.key.toString('base64url'), count, shuffled });
  const script = new URL('../testing/consuming-process.ts', import.meta.url);
  const won = await raceProcesses<number[]>(script, argument);
  expect(won.flat().toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, index) => index));
});

test('insertOnce is new once, whoever asks', async () => {
  await using room = await startArtifacts();
  const other = createArtifacts(await room.again(), createKeyring(room.key));
  const tries = [room.artifacts, other, room.artifacts].map((artifacts, index) =>
    artifacts.insertOnce('ReplayDetection', 'proof', { by: index }, aMinute),
  );
  expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1);
  const kept = await room.artifacts.find('ReplayDetection', 'proof');
  await room.artifacts.insertOnce('ReplayDetection', 'proof', { by: 'late' }, aMinute);
  expect(await room.artifacts.find('ReplayDetection', 'proof')).toEqual(kept);
});

test('what falls with a grant falls by model, and nothing else does', async () => {
  await using room = await startArtifacts();
  const of = (grantId: string) => ({ ...aMinute, grantId });
  await room.artifacts.save('AccessToken', 'a1', {}, of('g1'));
  await room.artifacts.save('AccessToken', 'a2', {}, of('g1'));
  await room.artifacts.save('AccessToken', 'a3', {}, of('g2'));
  await room.artifacts.save('RefreshToken', 'r1', {}, of('g1'));
  await room.artifacts.save('Interaction', 'i1', {}, aMinute);
  await room.artifacts.destroyByGrant('AccessToken', 'g1');
  const left = (await room.rows()).map(({ model }) => model).toSorted();
  expect(left).toEqual(['AccessToken', 'Interaction', 'RefreshToken']);
  expect(await room.artifacts.find('AccessToken', 'a3')).toBeDefined();
});

test('a destroyed artifact is gone, and destroying it again is no error', async () => {
  await using room = await startArtifacts();
  await room.artifacts.save('AccessToken', 'a1', {}, aMinute);
  await room.artifacts.destroy('AccessToken', 'a1');
  await room.artifacts.destroy('AccessToken', 'a1');
  expect(await room.artifacts.find('AccessToken', 'a1')).toBeUndefined();
});

test('the sweep takes what has run out a minute ago, in small batches, and lets the rest be', async () => {
  await using room = await startArtifacts();
  vi.useFakeTimers({ toFake: ['Date'], now: 1_000_000 });
  for (const id of ['a', 'b', 'c']) await room.artifacts.save('AccessToken', id, {}, { expiresIn: 10 });
  await room.artifacts.save('AccessToken', 'longer', {}, { expiresIn: 1_000 });
  await room.artifacts.save('RegistrationAccessToken', 'for ever', {}, { expiresIn: undefined });

  vi.setSystemTime(1_000_000 + 70_000);
  expect(await room.artifacts.sweep(10)).toBe(0);
  vi.setSystemTime(1_000_000 + 70_001);
  expect(await room.artifacts.sweep(2)).toBe(2);
  expect(await room.artifacts.sweep(2)).toBe(1);
  expect(await room.artifacts.sweep(2)).toBe(0);
  expect(await room.rows()).toHaveLength(2);
});

test('saving again moves the end', async () => {
  await using room = await startArtifacts();
  vi.useFakeTimers({ toFake: ['Date'], now: 1_000_000 });
  await room.artifacts.save('Interaction', 'i', {}, { expiresIn: 10 });
  await room.artifacts.save('Interaction', 'i', {}, { expiresIn: 1_000 });
  expect((await room.rows()).map(({ expires_at }) => expires_at)).toEqual([2_000_000]);
});
