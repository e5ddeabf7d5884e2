import Sqlite from 'better-sqlite3';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { countCommits } from '../testing/commit-count.ts';
import { todo, todosPlace } from '../testing/todos-database.ts';
import { createGroupCommit } from './group-commit.ts';

async function start() {
  const place = await todosPlace('sqlite');
  const database = await place.open();
  const { query, prepare } = database;
  const another = new Sqlite(place.file);
  return {
    ...database,
    add: prepare<{ id: string }>(({ id }) => query.insertInto('todos').values({ ...todo('any'), id })),
    /** What another program sees. */
    seen: () => another.prepare('SELECT id FROM todos ORDER BY id').pluck().all(),
    async commitsOf(work: Promise<unknown>) {
      const before = countCommits(place.file);
      await work;
      return countCommits(place.file) - before;
    },
    async [Symbol.asyncDispose]() {
      another.close();
      await place[Symbol.asyncDispose]();
    },
  };
}

const reasons = (outcomes: PromiseSettledResult<unknown>[]) =>
  outcomes.map((outcome) => (outcome.status === 'rejected' ? String(outcome.reason) : outcome.status));

test('all that is asked for in one turn of the event loop is one transaction, however it is asked for', async () => {
  await using town = await start();
  const ids = Array.from({ length: 30 }, (_, index) => `${index}`);
  const work = ids.flatMap((id) => [
    town.add({ id: `prepared ${id}` }),
    town.query
      .insertInto('todos')
      .values(todo(`built ${id}`))
      .execute(),
    town.transact((transaction) =>
      transaction
        .insertInto('todos')
        .values(todo(`several ${id}`))
        .execute(),
    ),
  ]);
  expect(await town.commitsOf(Promise.all(work))).toBe(1);
  expect(town.seen()).toHaveLength(90);
});

test('one at a time, each is a transaction', async () => {
  await using town = await start();
  const oneByOne = async () => {
    for (const id of ['t1', 't2', 't3']) await town.add({ id });
  };
  expect(await town.commitsOf(oneByOne())).toBe(3);
});

test('whoever is answered can be sure that others see it', async () => {
  await using town = await start();
  const surely = async (id: string, write: Promise<unknown>) => {
    await write;
    expect(town.seen()).toContain(id);
  };
  await Promise.all([
    surely('t1', town.add({ id: 't1' })),
    surely('t2', town.query.insertInto('todos').values(todo('t2')).execute()),
    surely(
      't3',
      town.transact((transaction) => transaction.insertInto('todos').values(todo('t3')).execute()),
    ),
  ]);
});

test('a statement that fails and a transaction that fails are undone alone, while their neighbours are kept', async () => {
  await using town = await start();
  const work = Promise.allSettled([
    town.add({ id: 't1' }),
    town.add({ id: 't1' }),
    town.transact(async (transaction) => {
      await transaction.insertInto('todos').values(todo('t2')).execute();
      await transaction.updateTable('todos').set({ hits: 1 }).execute();
      throw new Error('no');
    }),
    town.add({ id: 't3' }),
    town.transact((transaction) => transaction.insertInto('todos').values(todo('t4')).execute()),
  ]);
  expect(await town.commitsOf(work)).toBe(1);
  const unique = 'SqliteError: UNIQUE constraint failed: todos.id';
  expect(reasons(await work)).toEqual(['fulfilled', unique, 'Error: no', 'fulfilled', 'fulfilled']);
  expect(town.seen()).toEqual(['t1', 't3', 't4']);
  expect(await town.query.selectFrom('todos').select('hits').where('hits', '>', 0).execute()).toEqual([]);
});

test('a commit that fails fails all, leaves nothing, and is over', async () => {
  await using town = await start();
  await sql`CREATE TABLE notes (todo TEXT REFERENCES todos DEFERRABLE INITIALLY DEFERRED)`.execute(town.query);
  const outcomes = await Promise.allSettled([
    town.add({ id: 't1' }),
    sql`INSERT INTO notes VALUES ('nowhere')`.execute(town.query),
    town.transact((transaction) => transaction.insertInto('todos').values(todo('t2')).execute()),
  ]);
  expect(reasons(outcomes)).toEqual(Array(3).fill('SqliteError: FOREIGN KEY constraint failed'));
  expect(town.seen()).toEqual([]);
  await town.add({ id: 't3' });
  expect(town.seen()).toEqual(['t3']);
});

test('a statement that undoes everything undoes it for all, and no transaction goes on after it', async () => {
  await using town = await start();
  await town.add({ id: 't1' });
  const undo = sql`INSERT OR ROLLBACK INTO todos VALUES ('t1', 'again', 0, NULL)`;
  const outcomes = await Promise.allSettled([
    town.add({ id: 't2' }),
    town.transact(async (transaction) => {
      await undo.execute(transaction).catch(() => {});
      await transaction.insertInto('todos').values(todo('t3')).execute();
    }),
    town.add({ id: 't4' }),
  ]);
  const lost = 'DatabaseUnavailableError: the database is not available: a statement undid the whole transaction';
  expect(reasons(outcomes)).toEqual([lost, lost, lost]);
  expect(await Promise.allSettled([town.add({ id: 't5' }), undo.execute(town.query)])).toMatchObject([
    { reason: { code: 'SQLITE_CONSTRAINT_PRIMARYKEY' } },
    { reason: { code: 'SQLITE_CONSTRAINT_PRIMARYKEY' } },
  ]);
  expect(town.seen()).toEqual(['t1']);
});

test('a transaction that waits for something else is undone after a while, so that others get their turn', async () => {
  using connection = disposable(new Sqlite(':memory:'));
  connection.exec('CREATE TABLE todos (id TEXT)');
  const { begin, write, quiet } = createGroupCommit({ connection, busyTimeoutMs: 0, turnTimeoutMs: 50 });
  const add = (id: string) => () => connection.prepare('INSERT INTO todos VALUES (?)').run(id);
  const turn = await begin();
  turn.run(add('forgotten'));
  // NOTE: within the transaction this would be waiting for itself.
  await write(add('kept'));
  expect(quiet()).toBeUndefined();
  expect(() => turn.run(add('late'))).toThrow('took longer than 50 ms and was undone');
  await expect(turn.commit()).rejects.toThrow('took longer than 50 ms and was undone');
  turn.rollback();
  expect(connection.prepare('SELECT id FROM todos').pluck().all()).toEqual(['kept']);
});

const disposable = (connection: Sqlite.Database) =>
  Object.assign(connection, { [Symbol.dispose]: () => void connection.close() });
