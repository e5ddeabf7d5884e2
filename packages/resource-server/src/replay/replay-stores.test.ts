import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { temporaryDatabase } from '@latchkey/database/testing';
import Sqlite from 'better-sqlite3';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { createMemoryReplayStore } from './memory-replay-store.ts';
import { createPostgresReplayStore } from './postgres-replay-store.ts';
import type { ReplayStore, StoredReplayStore } from './replay-store.ts';
import { createSqliteReplayStore } from './sqlite-replay-store.ts';

const start = Date.parse('2026-01-01T00:00:00Z');

/** Where stores are kept; each one opened there has a connection of its own. */
interface Place extends AsyncDisposable {
  open(now?: () => number): Promise<ReplayStore>;
  /** How many keys are kept. */
  count(): Promise<number>;
  readonly task?: { readonly url?: string | undefined; readonly file: string };
}

async function sqlitePlace(): Promise<Place> {
  const database = await temporaryDatabase('sqlite');
  mkdirSync(dirname(database.file));
  const handles: Sqlite.Database[] = [];
  const connect = () => {
    const handle = new Sqlite(database.file);
    handle.pragma('journal_mode = WAL');
    handles.push(handle);
    return handle;
  };
  return {
    task: database,
    open: (now = () => start) => migrated(createSqliteReplayStore({ database: connect(), now })),
    count: async () => Number(connect().prepare('SELECT count(*) FROM spent_proofs').pluck().get()),
    async [Symbol.asyncDispose]() {
      for (const handle of handles) handle.close();
      await database[Symbol.asyncDispose]();
    },
  };
}

async function postgresPlace(): Promise<Place> {
  const database = await temporaryDatabase('postgres');
  const pools: pg.Pool[] = [];
  const connect = () => {
    const pool = new pg.Pool({ connectionString: database.url, max: 10 });
    // NOTE: whoever lent the database may end what is still closing.
    pool.on('error', () => {});
    pool.on('connect', (client) => client.on('error', () => {}));
    pools.push(pool);
    return pool;
  };
  return {
    task: database,
    open: (now = () => start) => migrated(createPostgresReplayStore({ pool: connect(), now })),
    count: async () => Number((await connect().query('SELECT count(*) FROM spent_proofs')).rows[0].count),
    async [Symbol.asyncDispose]() {
      await Promise.all(pools.map((pool) => pool.end()));
      await database[Symbol.asyncDispose]();
    },
  };
}

async function migrated(store: StoredReplayStore): Promise<StoredReplayStore> {
  await store.migrate();
  return store;
}

const memoryPlace = async (): Promise<Place> => ({
  open: async (now = () => start) => createMemoryReplayStore({ now }),
  count: async () => Number.NaN,
  async [Symbol.asyncDispose]() {},
});

const places = { memory: memoryPlace, SQLite: sqlitePlace, PostgreSQL: postgresPlace };
const inDatabase = { SQLite: sqlitePlace, PostgreSQL: postgresPlace };

describe.each(Object.entries(places))('in %s', (_name, createPlace) => {
  test('a key is new once, another one is new too', async () => {
    await using place = await createPlace();
    const store = await place.open();
    expect(await store.spend('a', start + 60_000)).toBe(true);
    expect(await store.spend('a', start + 60_000)).toBe(false);
    expect(await store.spend('a', start + 120_000)).toBe(false);
    expect(await store.spend('b', start + 60_000.5)).toBe(true);
  });

  test('a key is remembered until it expires, whatever else is spent meanwhile', async () => {
    await using place = await createPlace();
    let now = start;
    const store = await place.open(() => now);
    await store.spend('kept', start + 60_000);
    now = start + 60_000;
    for (let index = 0; index < 250; index++) await store.spend(`other-${index}`, now + 1);
    expect(await store.spend('kept', start + 60_000)).toBe(false);
  });

  test('of fifty that spend the same key at once, one is the first', async () => {
    await using place = await createPlace();
    const store = await place.open();
    const firsts = await Promise.all(Array.from({ length: 50 }, () => store.spend('a', start + 60_000)));
    expect(firsts.filter((first) => first)).toHaveLength(1);
  });
});

describe.each(Object.entries(inDatabase))('in %s', (_name, createPlace) => {
  test('of fifty that spend the same key at once over two connections, one is the first', async () => {
    await using place = await createPlace();
    const stores = await Promise.all([place.open(), place.open()]);
    for (let round = 0; round < 5; round++) {
      const spends = Array.from({ length: 25 }, () => stores.map((store) => store.spend(`key-${round}`, start + 1)));
      const firsts = await Promise.all(spends.flat());
      expect(firsts.filter((first) => first)).toHaveLength(1);
    }
  });

  test('of two processes that spend the same keys at once, one is the first with each', async () => {
    await using place = await createPlace();
    await place.open();
    const keys = Array.from({ length: 200 }, (_, index) => `key-${index}`);
    const task = JSON.stringify({ ...place.task, keys });
    const processes = [1, 2].map(() =>
      fork(new URL('../testing/spending-process.ts', import.meta.url), [task], { execArgv: [] }),
    );
    await Promise.all(processes.map((one) => once(one, 'message')));
    const reported = processes.map((one) => once(one, 'message'));
    for (const one of processes) one.send('go');
    const firsts = (await Promise.all(reported)).map(([count]) => Number(count));
    expect(firsts.reduce((sum, count) => sum + count)).toBe(keys.length);
  });

  test('what is expired is swept away, some with every hundredth spend, and nothing else', async () => {
    await using place = await createPlace();
    let now = start;
    const store = await place.open(() => now);
    for (let index = 0; index < 450; index++) await store.spend(`old-${index}`, start + 1_000);
    now = start + 1_001;
    for (let index = 0; index < 300; index++) await store.spend(`new-${index}`, now + 1_000);
    expect(await place.count()).toBe(300);
  });

  test('the table can be made by several at once, and again', async () => {
    await using place = await createPlace();
    await Promise.all([place.open(), place.open(), place.open(), place.open()]);
    await place.open();
    expect(await place.count()).toBe(0);
  });
});

test('the SQLite of Node serves as well', async () => {
  using database = new DatabaseSync(':memory:');
  const store = await migrated(createSqliteReplayStore({ database, table: 'proofs' }));
  expect([await store.spend('a', start), await store.spend('a', start)]).toEqual([true, false]);
});

test.each(['', 'a b', 'a"b', 'A', '1a', 'a'.repeat(41), 'a.b', 'a;--'])('%j is no name for a table', (table) => {
  expect(() => createSqliteReplayStore({ database: new Sqlite(':memory:'), table })).toThrow(TypeError);
  expect(() => createPostgresReplayStore({ pool: new pg.Pool(), table })).toThrow(TypeError);
});
