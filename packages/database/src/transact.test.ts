import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import type { Database } from './open-database.ts';
import { engines } from './testing/index.ts';
import { type TodosTables, todo, todosPlace } from './testing/todos-database.ts';

type Todos = Database<TodosTables>;

/** Reads, lets others run, and writes what it has made of what it read. */
const hitOnce = ({ transact }: Todos) =>
  transact(async (transaction) => {
    const { hits } = await transaction
      .selectFrom('todos')
      .select('hits')
      .where('id', '=', 't1')
      .executeTakeFirstOrThrow();
    await transaction
      .updateTable('todos')
      .set({ hits: hits + 1 })
      .where('id', '=', 't1')
      .execute();
  });

const ids = async ({ query }: Todos) =>
  (await query.selectFrom('todos').select('id').orderBy('id').execute()).map(({ id }) => id);

describe.each(engines)('on %s', (engine) => {
  test('of 20 that read and write at the same time none is lost', async () => {
    await using place = await todosPlace(engine);
    const databases = [await place.open(), await place.open()];
    const [database] = databases as [Todos, Todos];
    await database.query.insertInto('todos').values(todo('t1')).execute();
    await Promise.all(Array.from({ length: 10 }, () => databases.map(hitOnce)).flat());
    expect(await database.query.selectFrom('todos').select('hits').execute()).toEqual([{ hits: 20 }]);
  });

  test('one that throws has done nothing, and the error is its own', async () => {
    await using place = await todosPlace(engine);
    const database = await place.open();
    const refusal = new Error('the person has changed their mind');
    const failing = database.transact(async (transaction) => {
      await transaction.insertInto('todos').values(todo('t1')).execute();
      throw refusal;
    });
    await expect(failing).rejects.toBe(refusal);
    await expect(database.transact(() => Promise.reject(refusal))).rejects.toBe(refusal);
    expect(await ids(database)).toEqual([]);
  });

  test('a statement in it that fails undoes those before it', async () => {
    await using place = await todosPlace(engine);
    const database = await place.open();
    const failing = database.transact(async (transaction) => {
      await transaction.insertInto('todos').values(todo('t1')).execute();
      await transaction.insertInto('todos').values(todo('t1')).execute();
    });
    await expect(failing).rejects.toThrow(/unique/i);
    expect(await ids(database)).toEqual([]);
    await database.transact((transaction) => transaction.insertInto('todos').values(todo('t2')).execute());
    expect(await ids(database)).toEqual(['t2']);
  });

  test('a statement that it has not waited for does not stay when it is undone', async () => {
    await using place = await todosPlace(engine);
    const database = await place.open();
    const late: Promise<unknown>[] = [];
    const failing = database.transact(async (transaction) => {
      const add = (id: string) => {
        const added = transaction.insertInto('todos').values(todo(id)).execute();
        late.push(added);
        return added;
      };
      await add('t1');
      await Promise.all(['t1', 't2', 't3', 't4'].map(add));
    });
    await expect(failing).rejects.toThrow(/unique/i);
    expect((await Promise.allSettled(late)).map(({ status }) => status)).toContain('rejected');
    expect(await ids(database)).toEqual([]);
    await database.ping();
  });

  test('what it has written is seen by nobody before it has ended', async () => {
    await using place = await todosPlace(engine);
    const database = await place.open();
    const another = await place.open();
    let seen: Promise<string[]> | undefined;
    const failing = database.transact(async (transaction) => {
      await transaction.insertInto('todos').values(todo('t1')).execute();
      seen = ids(database);
      expect(await ids(another)).toEqual([]);
      throw new Error('undone');
    });
    await expect(failing).rejects.toThrow('undone');
    expect(await seen).toEqual([]);
  });

  test('it gives what its work gave', async () => {
    await using place = await todosPlace(engine);
    const { transact } = await place.open();
    expect(await transact(async () => 'done')).toBe('done');
  });
});

const collide = sql`DO $$ BEGIN RAISE SQLSTATE '40001' USING MESSAGE = 'collided'; END $$`;

test('one that collides is run again, and not for ever', async () => {
  await using place = await todosPlace('postgres');
  const { transact } = await place.open();
  let attempts = 0;
  const colliding = (until: number) =>
    transact(async (transaction) => {
      attempts += 1;
      if (attempts < until) await collide.execute(transaction);
      return 'done';
    });
  expect(await colliding(4)).toBe('done');
  expect(attempts).toBe(4);
  attempts = 0;
  await expect(colliding(Number.POSITIVE_INFINITY)).rejects.toThrow('collided');
  expect(attempts).toBe(10);
});

test('another error is not a reason to run it again', async () => {
  await using place = await todosPlace('postgres');
  const { transact } = await place.open();
  let attempts = 0;
  const failing = transact(async (transaction) => {
    attempts += 1;
    await sql`SELECT 1 / 0`.execute(transaction);
  });
  await expect(failing).rejects.toThrow('division by zero');
  expect(attempts).toBe(1);
});
