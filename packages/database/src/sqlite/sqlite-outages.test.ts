import { setImmediate as nextTurn } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { OpenDatabaseOptions } from '../open-database.ts';
import { outageDiary } from '../testing/outage-diary.ts';
import { todo, todosPlace } from '../testing/todos-database.ts';

async function start(options: Partial<OpenDatabaseOptions> = {}) {
  const place = await todosPlace('sqlite');
  const diary = outageDiary();
  const database = await place.open({ onOutage: diary, ...options });
  return {
    ...database,
    open: place.open,
    diary,
    add: (id: string, title = 'Water') => database.query.insertInto('todos').values(todo(id, { title })).execute(),
    ids: async () => (await database.query.selectFrom('todos').select('id').execute()).map(({ id }) => id),
    /** Another program that writes, and takes its time. */
    lock() {
      const another = new Sqlite(place.file);
      another.exec('BEGIN IMMEDIATE');
      return { [Symbol.dispose]: () => void another.close() };
    },
    [Symbol.asyncDispose]: place[Symbol.asyncDispose],
  };
}

const unavailable = { name: 'DatabaseUnavailableError', status: 503 };

test('while another program holds the file reads go on, and so does the program; a write waits and is done', async () => {
  await using town = await start();
  await town.add('t1');
  const lock = town.lock();
  const written = town.add('t2');
  let waiting = true;
  written.finally(() => {
    waiting = false;
  });
  for (let turns = 0; turns < 50; turns += 1) {
    await nextTurn();
    expect(waiting).toBe(true);
    expect(await town.ids()).toEqual(['t1']);
  }
  lock[Symbol.dispose]();
  await written;
  expect(await town.ids()).toEqual(['t1', 't2']);
  expect(town.diary.entries).toEqual([]);
});

test('a file that stays locked is not available after a while, which is told once, as is its return', async () => {
  await using town = await start({ busyTimeoutMs: 300 });
  await town.add('t1');
  const lock = town.lock();
  const began = performance.now();
  const outcomes = await Promise.allSettled([
    town.add('t2'),
    town.transact((transaction) => transaction.insertInto('todos').values(todo('t3')).execute()),
    town.ping(),
  ]);
  const tookMs = performance.now() - began;
  for (const outcome of outcomes) expect(outcome).toMatchObject({ status: 'rejected', reason: unavailable });
  expect(tookMs).toBeGreaterThanOrEqual(295);
  expect(tookMs).toBeLessThan(1_500);
  await expect(town.add('t4')).rejects.toMatchObject(unavailable);
  expect(await town.ids()).toEqual(['t1']);
  expect(town.diary.entries).toEqual(['lost: the database is not available: database is locked']);
  lock[Symbol.dispose]();
  await town.add('t5');
  await town.ping();
  expect(await town.ids()).toEqual(['t1', 't5']);
  expect(town.diary.entries.slice(1)).toEqual(['back']);
});

test('a ping does not wait as long as a write does', async () => {
  await using town = await start({ busyTimeoutMs: 60_000 });
  using _lock = town.lock();
  const pinged = town.ping();
  await expect(pinged).rejects.toThrow('no answer within 2000 ms');
});

test('a file that is locked when a program starts is not available', async () => {
  await using town = await start();
  using _lock = town.lock();
  await expect(town.open({ busyTimeoutMs: 0 })).rejects.toMatchObject(unavailable);
});

test('a disk that is full is not available, and what is there can be read', async () => {
  await using town = await start();
  await town.add('t1');
  await sql`PRAGMA max_page_count = 1`.execute(town.query);
  const large = 'x'.repeat(100_000);
  const outcomes = await Promise.allSettled([
    town.add('t2', large),
    town.transact((transaction) =>
      transaction
        .insertInto('todos')
        .values(todo('t3', { title: large }))
        .execute(),
    ),
    town.query.updateTable('todos').set({ hits: 1 }).execute(),
  ]);
  expect(outcomes[0]).toMatchObject({ reason: unavailable });
  expect(outcomes[1]).toMatchObject({ reason: unavailable });
  expect(town.diary.entries[0]).toMatch(/^lost: .* full$/);
  expect(await town.ids()).toEqual(['t1']);
  await sql`PRAGMA max_page_count = 1000000`.execute(town.query);
  await town.add('t2', large);
  expect(await town.ids()).toEqual(['t1', 't2']);
  expect(town.diary.entries.at(-1)).toBe('back');
});

test('a file that may only be read is not available for writing', async () => {
  await using town = await start();
  await town.add('t1');
  await sql`PRAGMA query_only = ON`.execute(town.query);
  await expect(town.add('t2')).rejects.toMatchObject(unavailable);
  expect(await town.ids()).toEqual(['t1']);
  expect(town.diary.entries).toEqual(['lost: the database is not available: attempt to write a readonly database']);
  await sql`PRAGMA query_only = OFF`.execute(town.query);
  await town.add('t2');
  expect(town.diary.entries.at(-1)).toBe('back');
});
