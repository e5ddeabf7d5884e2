import { describe, expect, expectTypeOf, test } from 'vitest';
import type { Database } from './open-database.ts';
import { engines } from './testing/index.ts';
import { type TodosTables, todo, todosPlace } from './testing/todos-database.ts';

const statements = ({ prepare, query }: Database<TodosTables>) => ({
  add: prepare<TodosTables['todos']>(({ id, title, hits, due_at }) =>
    query.insertInto('todos').values({ id, title, hits, due_at }),
  ),
  byTitle: prepare<{ title: string }, { id: string; hits: number }>(({ title }) =>
    query.selectFrom('todos').select(['id', 'hits']).where('title', '=', title).orderBy('id'),
  ),
  hit: prepare<{ id: string; by: number; least: number }, { hits: number }>(({ id, by, least }) =>
    query
      .updateTable('todos')
      .set(({ eb }) => ({ hits: eb('hits', '+', by), due_at: null }))
      .where('id', '=', id)
      .where('hits', '>=', least)
      .returning('hits'),
  ),
  forget: prepare<{ least: number }>(({ least }) => query.deleteFrom('todos').where('hits', '>=', least)),
});

describe.each(engines)('on %s', (engine) => {
  test('a prepared statement runs with other values each time, and says how many rows it wrote', async () => {
    await using place = await todosPlace(engine);
    const { add, byTitle, hit, forget } = statements(await place.open());
    expect((await add(todo('t1', { title: "Bobby'; DROP TABLE todos; --" }))).changed).toBe(1);
    await add(todo('t2', { title: 'Water', hits: 7 }));
    await add(todo('t3', { title: 'Water' }));
    expect(await byTitle({ title: 'Water' })).toEqual({
      rows: [
        { id: 't2', hits: 7 },
        { id: 't3', hits: 0 },
      ],
      changed: 0,
    });
    expect((await byTitle({ title: "Bobby'; DROP TABLE todos; --" })).rows).toHaveLength(1);
    expect(await hit({ id: 't2', by: 2, least: 7 })).toEqual({ rows: [{ hits: 9 }], changed: 1 });
    expect(await hit({ id: 't2', by: 2, least: 10 })).toEqual({ rows: [], changed: 0 });
    expect(await forget({ least: 0 })).toEqual({ rows: [], changed: 3 });
  });

  test('nothing is a value too, and so are whole numbers up to 2^53', async () => {
    await using place = await todosPlace(engine);
    const database = await place.open();
    const { add, hit } = statements(database);
    const most = Number.MAX_SAFE_INTEGER;
    await add(todo('t1', { due_at: null, hits: most - 1 }));
    await add(todo('t2', { due_at: -most }));
    expect((await hit({ id: 't1', by: 1, least: most - 1 })).rows).toEqual([{ hits: most }]);
    const dues = await database.query.selectFrom('todos').select('due_at').orderBy('id').execute();
    expect(dues).toEqual([{ due_at: null }, { due_at: -most }]);
  });

  test('what it gives and takes is known to the compiler', async () => {
    await using place = await todosPlace(engine);
    const { byTitle } = statements(await place.open());
    expectTypeOf(byTitle).parameter(0).toEqualTypeOf<{ title: string }>();
    const { rows } = await byTitle({ title: 'none' });
    expectTypeOf(rows).toEqualTypeOf<readonly { id: string; hits: number }[]>();
  });

  test('one that would write whatever it is given is refused: its columns are named', async () => {
    await using place = await todosPlace(engine);
    const { prepare, query } = await place.open();
    const careless = prepare<TodosTables['todos']>((row) => query.insertInto('todos').values(row));
    await expect(careless(todo('t1'))).rejects.toThrow('name each value');
  });

  test('one that fails says why, and works the next time', async () => {
    await using place = await todosPlace(engine);
    const { add, byTitle } = statements(await place.open());
    await add(todo('t1'));
    await expect(add(todo('t1'))).rejects.toThrow(/unique/i);
    await expect(add(todo('t2', { title: '' }))).rejects.toThrow(/check/i);
    await add(todo('t2', { title: 'Water' }));
    expect((await byTitle({ title: 'Water' })).rows).toEqual([{ id: 't2', hits: 0 }]);
  });

  test('a program that has prepared a statement survives that a newer one adds a column to its table', async () => {
    await using place = await todosPlace(engine);
    const { prepare, query } = await place.open({ poolSize: 3 });
    const all = prepare<Record<never, never>, { id: string }>(() => query.selectFrom('todos').selectAll());
    const ask = () => Promise.all([all({}), all({}), all({}), all({})]);
    await ask();
    const newer = await place.open();
    await newer.query.schema.alterTable('todos').addColumn('colour', 'text').execute();
    await newer.query.insertInto('todos').values(todo('t1')).execute();
    for (const { rows } of await ask()) expect(rows).toEqual([{ ...todo('t1'), colour: null }]);
  });
});
