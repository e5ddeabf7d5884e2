import { afterEach, expect, test, vi } from 'vitest';
import { startTables } from '../testing/temporary-tables.ts';
import { createLease } from './leases.ts';

afterEach(() => vi.useRealTimers());

async function startTwo() {
  const tables = await startTables();
  return Object.assign(tables, {
    one: createLease(tables.database, 'sweep'),
    two: createLease(await tables.again(), 'sweep'),
    elsewhere: createLease(tables.database, 'something else'),
  });
}

test('of two that want it at once one holds it, and keeps it as long as it says so', async () => {
  await using room = await startTwo();
  const held = await Promise.all([room.one.hold(1_000), room.two.hold(1_000)]);
  expect(held.toSorted()).toEqual([false, true]);
  const [holder, other] = held[0] ? [room.one, room.two] : [room.two, room.one];
  expect(await holder.hold(1_000)).toBe(true);
  expect(await other.hold(1_000)).toBe(false);
  expect(await room.elsewhere.hold(1_000)).toBe(true);
});

test('once it has ended, or was let go of, another takes it', async () => {
  await using room = await startTwo();
  vi.useFakeTimers({ toFake: ['Date'], now: 0 });
  expect(await room.one.hold(1_000)).toBe(true);
  vi.setSystemTime(999);
  expect(await room.two.hold(1_000)).toBe(false);
  vi.setSystemTime(1_000);
  expect(await room.two.hold(1_000)).toBe(true);
  expect(await room.one.hold(1_000)).toBe(false);
  await room.one.release();
  expect(await room.one.hold(1_000)).toBe(false);
  await room.two.release();
  expect(await room.one.hold(1_000)).toBe(true);
});
