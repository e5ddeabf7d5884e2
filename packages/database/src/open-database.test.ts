import { existsSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { engines } from './testing/index.ts';
import { todo, todosPlace } from './testing/todos-database.ts';
import { DatabaseUnavailableError } from './unavailable.ts';

describe.each(engines)('on %s', (engine) => {
  test('it says which engine runs and what was applied, and answers', async () => {
    await using place = await todosPlace(engine);
    const database = await place.open();
    expect(database.engine).toBe(engine);
    expect(database.applied).toEqual(['0001-todos.sql']);
    await database.ping();
    expect(await database.query.selectFrom('todos').selectAll().execute()).toEqual([]);
  });

  test('what was written is there after opening it again', async () => {
    await using place = await todosPlace(engine);
    const database = await place.open();
    await database.query.insertInto('todos').values(todo('t1')).execute();
    await database.close();
    const again = await place.open();
    expect(again.applied).toEqual([]);
    expect(await again.query.selectFrom('todos').selectAll().execute()).toEqual([todo('t1')]);
  });

  test('whole numbers come back as numbers, up to 2^53, also where they are counted, summed or missing', async () => {
    await using place = await todosPlace(engine);
    const { query } = await place.open();
    const most = Number.MAX_SAFE_INTEGER;
    await query
      .insertInto('todos')
      .values([todo('t1', { hits: most }), todo('t2', { due_at: 1 - most })])
      .execute();
    const rows = await query.selectFrom('todos').select(['hits', 'due_at']).orderBy('id').execute();
    expect(rows).toEqual([
      { hits: most, due_at: null },
      { hits: 0, due_at: 1 - most },
    ]);
    const totals = query
      .selectFrom('todos')
      .select(({ fn }) => [
        fn.countAll<number>().as('count'),
        fn.sum<number>('hits').as('sum'),
        fn.max('hits').as('most'),
      ]);
    expect(await totals.executeTakeFirst()).toEqual({ count: 2, sum: most, most });
  });

  test('one that is closed has written what it was asked to write before', async () => {
    await using place = await todosPlace(engine);
    const database = await place.open({ poolSize: 2 });
    const add = database.prepare<{ id: string }>(({ id }) => database.query.insertInto('todos').values(todo(id)));
    const writes = Array.from({ length: 20 }, (_, index) => [
      add({ id: `prepared ${index}` }),
      database.query
        .insertInto('todos')
        .values(todo(`built ${index}`))
        .execute(),
      database.transact((transaction) =>
        transaction
          .insertInto('todos')
          .values(todo(`several ${index}`))
          .execute(),
      ),
    ]).flat();
    await Promise.all([database.close(), ...writes]);
    const again = await place.open();
    expect(await again.query.selectFrom('todos').select('id').execute()).toHaveLength(60);
  });

  test.each([false, true])('after it is closed it does not answer (asked something before: %s)', async (asked) => {
    await using place = await todosPlace(engine);
    const lost: unknown[] = [];
    const database = await place.open({ onOutage: { lost: (error) => lost.push(error), back() {} } });
    const ask = () => database.query.selectFrom('todos').selectAll().execute();
    if (asked) await ask();
    await database.close();
    await database.close();
    await expect(database.ping()).rejects.toThrow(/closed|not open/);
    await expect(ask()).rejects.toThrow();
    await expect(database.transact(async () => {})).rejects.toThrow();
    expect(lost).toEqual([]);
  });
});

test('SQLite is durable across power loss, and holds to its references', async () => {
  await using place = await todosPlace('sqlite');
  const { query } = await place.open();
  expect((await sql`PRAGMA journal_mode`.execute(query)).rows).toEqual([{ journal_mode: 'wal' }]);
  expect((await sql`PRAGMA synchronous`.execute(query)).rows).toEqual([{ synchronous: 2 }]);
  expect((await sql`PRAGMA foreign_keys`.execute(query)).rows).toEqual([{ foreign_keys: 1 }]);
});

test('the folder is made, and it and the files in it are for their owner only', async () => {
  await using place = await todosPlace('sqlite');
  await (await place.open()).ping();
  const mode = (path: string) => statSync(path).mode & 0o777;
  expect(mode(dirname(place.file))).toBe(0o700);
  for (const file of ['', '-wal', '-shm']) expect(mode(place.file + file), file).toBe(0o600);
});

test('a database that goes with the process leaves no file', async () => {
  await using place = await todosPlace('sqlite');
  const { query, transact } = await place.open({ file: ':memory:' });
  await transact((transaction) => transaction.insertInto('todos').values(todo('t1')).execute());
  expect(await query.selectFrom('todos').selectAll().execute()).toEqual([todo('t1')]);
  expect(existsSync(place.file)).toBe(false);
});

test('a file that is no database is refused and let go of', async () => {
  await using place = await todosPlace('sqlite');
  const file = join(dirname(dirname(place.file)), 'not-a-database');
  writeFileSync(file, 'these bytes are a letter to a friend, and a long one at that, so no header fits');
  await expect(place.open({ file })).rejects.toThrow('file is not a database');
});

test('a file that cannot be opened is not available', async () => {
  await using place = await todosPlace('sqlite');
  await expect(place.open({ file: dirname(dirname(place.file)) })).rejects.toThrow(DatabaseUnavailableError);
});
