import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { OpenDatabaseOptions } from '../open-database.ts';
import { type PostgresServer, startPostgres } from '../testing/index.ts';
import { outageDiary } from '../testing/outage-diary.ts';
import { todo, todosPlace } from '../testing/todos-database.ts';

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres();
});

afterAll(() => server[Symbol.asyncDispose]());

async function start(options: Partial<OpenDatabaseOptions> = {}) {
  const url = await server.createDatabase();
  const place = await todosPlace('postgres', { url });
  const diary = outageDiary();
  const database = await place.open({ onOutage: diary, ...options });
  const { query, prepare } = database;
  return {
    ...database,
    diary,
    add: prepare<{ id: string }>(({ id }) => query.insertInto('todos').values({ ...todo('any'), id })),
    ids: async () => (await query.selectFrom('todos').select('id').orderBy('id').execute()).map(({ id }) => id),
    /** As an administrator, on a connection of its own. */
    order: (statement: string) => server.query(url, statement),
    [Symbol.asyncDispose]: place[Symbol.asyncDispose],
  };
}

const unavailable = { name: 'DatabaseUnavailableError', status: 503 };
const pid = sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`;
const sleep = (seconds: number) => sql`SELECT pg_sleep(${sql.lit(seconds)})`;

test('a server that is stopped is told once, and once that it is back, without opening anything again', async () => {
  await using town = await start();
  await Promise.all([town.add({ id: 't1' }), town.ids(), town.ping()]);
  await server.stop();
  const asked = () => [
    town.add({ id: 't2' }),
    town.ids(),
    town.ping(),
    town.transact((transaction) => transaction.insertInto('todos').values(todo('t3')).execute()),
  ];
  for (const outcome of await Promise.allSettled([...asked(), ...asked()])) {
    expect(outcome).toMatchObject({ status: 'rejected', reason: unavailable });
  }
  expect(town.diary.entries).toEqual([expect.stringMatching(/^lost: .*(terminat|ECONNREFUSED)/)]);
  await server.start();
  expect(await town.ids()).toEqual(['t1']);
  await Promise.all([town.add({ id: 't2' }), town.ping()]);
  expect(town.diary.entries.slice(1)).toEqual(['back']);
});

test('a server that crashes within a transaction has done nothing of it, and nobody tries it again', async () => {
  await using town = await start();
  let attempts = 0;
  const crashed = town.transact(async (transaction) => {
    attempts += 1;
    await transaction.insertInto('todos').values(todo('t1')).execute();
    process.kill(server.pid(), 'SIGKILL');
    await vi.waitFor(() => expect(transaction.selectFrom('todos').select('id').execute()).rejects.toThrow());
    await transaction.insertInto('todos').values(todo('t2')).execute();
  });
  await expect(crashed).rejects.toMatchObject(unavailable);
  expect(attempts).toBe(1);
  // NOTE: it refuses to start while something of the one before it is left.
  await vi.waitFor(() => server.start(), { timeout: 10_000 });
  expect(await town.ids()).toEqual([]);
  await town.add({ id: 't3' });
  expect(town.diary.entries).toEqual([expect.stringMatching(/^lost: /), 'back']);
});

test('a connection that broke within a transaction is not used again', async () => {
  await using town = await start({ poolSize: 1 });
  const broken = town.transact(async (transaction) => {
    const { rows } = await pid.execute(transaction);
    await town.order(`SELECT pg_terminate_backend(${rows[0]?.pid})`);
    await transaction.insertInto('todos').values(todo('t1')).execute();
  });
  await expect(broken).rejects.toMatchObject(unavailable);
  await town.add({ id: 't2' });
  expect(await town.ids()).toEqual(['t2']);
});

test('a statement that takes too long is given up, and its connection is fit for the next', async () => {
  await using town = await start({ poolSize: 1, statementTimeoutMs: 300 });
  const [before] = (await pid.execute(town.query)).rows;
  await expect(sleep(30).execute(town.query)).rejects.toMatchObject(unavailable);
  await expect(town.transact((transaction) => sleep(30).execute(transaction))).rejects.toMatchObject(unavailable);
  await town.add({ id: 't1' });
  expect((await pid.execute(town.query)).rows).toEqual([before]);
  expect(town.diary.entries).toEqual([expect.stringContaining('statement timeout'), 'back']);
});

test('a connection that does not answer is given up, and not used again', async () => {
  await using town = await start({ poolSize: 1, statementTimeoutMs: 300 });
  const [{ pid: silent } = { pid: 0 }] = (await pid.execute(town.query)).rows;
  process.kill(silent, 'SIGSTOP');
  try {
    await expect(town.add({ id: 't1' })).rejects.toMatchObject(unavailable);
    await town.add({ id: 't2' });
    expect((await pid.execute(town.query)).rows).not.toEqual([{ pid: silent }]);
  } finally {
    process.kill(silent, 'SIGCONT');
  }
});

test('a transaction that waits for something else is undone by the server', async () => {
  await using town = await start({ poolSize: 1, statementTimeoutMs: 300 });
  const forgetful = town.transact(async (transaction) => {
    await transaction.insertInto('todos').values(todo('t1')).execute();
    await vi.waitFor(async () => {
      const states = await town.order("SELECT 1 FROM pg_stat_activity WHERE state = 'idle in transaction'");
      expect(states).toEqual([]);
    });
    await transaction.insertInto('todos').values(todo('t2')).execute();
  });
  await expect(forgetful).rejects.toMatchObject(unavailable);
  expect(await town.ids()).toEqual([]);
});

test('when all connections are taken for too long the rest is turned away', async () => {
  await using town = await start({ poolSize: 2, statementTimeoutMs: 1_000 });
  const begun = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const free = Promise.withResolvers<void>();
  const taken = begun.map(({ resolve }) =>
    town.transact(async (transaction) => {
      await pid.execute(transaction);
      resolve();
      await free.promise;
    }),
  );
  await Promise.all(begun.map(({ promise }) => promise));
  const outcomes = await Promise.allSettled([town.add({ id: 't1' }), town.ids()]);
  free.resolve();
  for (const outcome of outcomes) expect(outcome).toMatchObject({ status: 'rejected', reason: unavailable });
  await Promise.all(taken);
  await town.add({ id: 't2' });
  expect(await town.ids()).toEqual(['t2']);
});

test('a server that only reads is not back because it can be read', async () => {
  await using town = await start({ poolSize: 1 });
  await town.add({ id: 't1' });
  await sql`SET default_transaction_read_only = on`.execute(town.query);
  await expect(town.add({ id: 't2' })).rejects.toMatchObject(unavailable);
  expect(await town.ids()).toEqual(['t1']);
  expect(town.diary.entries).toEqual([expect.stringContaining('read-only transaction')]);
  await sql`SET default_transaction_read_only = off`.execute(town.query);
  await town.add({ id: 't2' });
  expect(town.diary.entries.slice(1)).toEqual(['back']);
});

test('a password that is changed while the program runs is an outage, and over when it is right again', async () => {
  const url = new URL(await server.createDatabase());
  const order = (statement: string) => server.query(url.href, statement);
  await order("CREATE ROLE app LOGIN PASSWORD 'first'; CREATE SCHEMA todos AUTHORIZATION app");
  await using place = await todosPlace('postgres', { url: `postgres://app:first@${url.host}${url.pathname}` });
  const diary = outageDiary();
  const { query, ping } = await place.open({ onOutage: diary });
  await ping();
  await order(`
    ALTER ROLE app PASSWORD 'second';
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'app'`);
  await vi.waitFor(() => expect(ping()).rejects.toThrow('password authentication failed'));
  await expect(query.selectFrom('todos').select('id').execute()).rejects.toMatchObject(unavailable);
  await order("ALTER ROLE app PASSWORD 'first'");
  await ping();
  expect(diary.entries).toEqual([expect.stringMatching(/^lost: /), 'back']);
});
