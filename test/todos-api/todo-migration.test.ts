import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '@latchkey/database';
import { temporaryDatabase, testEngine } from '@latchkey/database/testing';
import { resolveFromRoot } from '@latchkey/settings';
import { expect, test } from 'vitest';
import { foldOldTitles } from '../../apps/todos-api/src/todos/folded-title.ts';
import { createTodos, type TodosTables } from '../../apps/todos-api/src/todos/todos.ts';

test('todos from before they had revisions are kept, found and changed', async () => {
  await using place = await temporaryDatabase(testEngine);
  const folder = await mkdtemp(join(tmpdir(), 'timeline-'));
  const before = join(folder, 'todos-api');
  const first = '0001-todos.sql';
  await cp(join(resolveFromRoot('db/todos-api'), first), join(before, first));
  const old = await openDatabase<TodosTables>({ ...place, migrations: before });
  const row = { owner: 'alice', completed: 0, created_at: 1, updated_at: 1 };
  const titles = Array.from({ length: 1_200 }, (_, index) => (index === 700 ? 'ÄPFEL' : `todo ${index}`));
  const rows = titles.map((title, position) => ({ ...row, id: crypto.randomUUID(), position, title }));
  for (let at = 0; at < rows.length; at += 400)
    await old.query
      .insertInto('todos')
      .values(rows.slice(at, at + 400) as never)
      .execute();
  await old.close();
  await rm(folder, { recursive: true });

  await using database = await openDatabase<TodosTables>({ ...place, migrations: resolveFromRoot('db/todos-api') });
  const todos = createTodos({ query: database.query, now: Date.now });
  const search = async (text: string) => (await todos.list('alice', { limit: 10, text })).todos;
  expect((await search('ÄPFEL')).map(({ title }) => title)).toEqual([]);
  await Promise.all([foldOldTitles(database.query), foldOldTitles(database.query)]);
  const [found] = await search('äpfel');
  expect(found).toMatchObject({ title: 'ÄPFEL', created_at: new Date(1).toISOString() });
  const { id = '', revision = '' } = found ?? {};
  expect(await todos.change('alice', id, { completed: true }, { oneOf: ['other'] })).toBeUndefined();
  const changed = await todos.change('alice', id, { completed: true }, { oneOf: [revision] });
  expect(changed).toMatchObject({ id, title: 'ÄPFEL', completed: true });
  expect(changed?.revision).not.toBe(revision);
});
