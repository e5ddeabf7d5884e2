import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createKeyring } from '../keys/keyring.ts';
import { createArtifacts } from '../storage/artifacts.ts';
import { startTables } from '../testing/temporary-tables.ts';
import { createRefreshRotation } from './refresh-rotation.ts';

const start = 1_700_000_000_000;
const grace = 30;

beforeEach(() => vi.useFakeTimers({ toFake: ['Date'], now: start }));
afterEach(() => vi.useRealTimers());

const after = (seconds: number) => vi.setSystemTime(start + seconds * 1000);

async function startRotation(graceSeconds = grace) {
  const tables = await startTables();
  const artifacts = createArtifacts(tables.database, tables.keyring);
  const rotation = createRefreshRotation(artifacts, tables.keyring, graceSeconds);
  return Object.assign(tables, {
    rotation,
    save: (id: string) => artifacts.save('RefreshToken', id, { jti: id }, { expiresIn: 3600 }),
    async seenSpent(id: string) {
      const stored = await artifacts.find('RefreshToken', id);
      if (!stored) throw new Error(`${id} is not stored`);
      return (await rotation.view(id, stored)).consumedAt !== undefined;
    },
  });
}

test('a token has one successor, which only the holder of the key can tell', () => {
  const key = randomBytes(32);
  const rotation = (keys: Buffer) => createRefreshRotation({} as never, createKeyring(keys), grace);
  const successor = rotation(key).successorId('r1');
  expect(successor).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(rotation(key).successorId('r1')).toBe(successor);
  expect(rotation(key).successorId('r2')).not.toBe(successor);
  expect(rotation(randomBytes(32)).successorId('r1')).not.toBe(successor);
});

test('within the grace a spent token may be presented again while its successor is unused', async () => {
  await using room = await startRotation();
  await room.save('r1');
  expect(await room.rotation.spend('r1')).toBe('first');
  await room.save(room.rotation.successorId('r1'));
  after(29.999);
  expect(await room.seenSpent('r1')).toBe(false);
  expect(await room.rotation.spend('r1')).toBe('again');
});

test('also when the first answer was cut off before the successor was stored', async () => {
  await using room = await startRotation();
  await room.save('r1');
  await room.rotation.spend('r1');
  expect(await room.seenSpent('r1')).toBe(false);
  expect(await room.rotation.spend('r1')).toBe('again');
});

test('once the successor is used it is reuse, however soon', async () => {
  await using room = await startRotation();
  const successor = room.rotation.successorId('r1');
  await room.save('r1');
  await room.rotation.spend('r1');
  await room.save(successor);
  await room.rotation.spend(successor);
  expect(await room.seenSpent('r1')).toBe(true);
  expect(await room.rotation.spend('r1')).toBe('reused');
  expect(await room.seenSpent(successor)).toBe(false);
});

test('after the grace it is reuse, and presenting it again has not made the grace longer', async () => {
  await using room = await startRotation();
  await room.save('r1');
  await room.rotation.spend('r1');
  for (const seconds of [10, 20, 29]) {
    after(seconds);
    expect(await room.rotation.spend('r1')).toBe('again');
  }
  after(30);
  expect(await room.seenSpent('r1')).toBe(true);
  expect(await room.rotation.spend('r1')).toBe('reused');
});

test('without a grace the second use is reuse, in the same millisecond too', async () => {
  await using room = await startRotation(0);
  await room.save('r1');
  expect(await room.rotation.spend('r1')).toBe('first');
  expect(await room.seenSpent('r1')).toBe(true);
  expect(await room.rotation.spend('r1')).toBe('reused');
});

test('what is not there any more cannot be spent', async () => {
  await using room = await startRotation();
  expect(await room.rotation.spend('gone')).toBe('reused');
});
