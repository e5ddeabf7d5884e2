import { mkdtempDisposableSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { openDatabase } from './open-database.ts';

interface Tables {
  readonly todos: { id: string; title: string };
}

function startFolder() {
  const folder = mkdtempDisposableSync(join(tmpdir(), 'latchkey-'));
  writeFileSync(
    join(folder.path, '0001-todos.sql'),
    'CREATE TABLE todos (id TEXT PRIMARY KEY, title TEXT NOT NULL) STRICT;',
  );
  const file = join(folder.path, 'data', 'deep', 'todos.sqlite');
  return {
    file,
    open: (name = file) => openDatabase<Tables>({ file: name, migrations: folder.path }),
    [Symbol.dispose]: () => folder.remove(),
  };
}

test('the folder and the tables are there when it is open, and the folder is for its owner only', async () => {
  using folder = startFolder();
  await using database = folder.open();
  await database.ping();
  expect(await database.query.selectFrom('todos').selectAll().execute()).toEqual([]);
  expect(statSync(join(folder.file, '..')).mode & 0o777).toBe(0o700);
});

test('what was written is there after opening it again', async () => {
  using folder = startFolder();
  {
    await using database = folder.open();
    await database.query.insertInto('todos').values({ id: 't1', title: 'Water the plants' }).execute();
  }
  await using again = folder.open();
  expect(await again.query.selectFrom('todos').selectAll().execute()).toEqual([
    { id: 't1', title: 'Water the plants' },
  ]);
});

test('it is durable across power loss', async () => {
  using folder = startFolder();
  await using database = folder.open();
  expect((await sql`PRAGMA journal_mode`.execute(database.query)).rows).toEqual([{ journal_mode: 'wal' }]);
  expect((await sql`PRAGMA synchronous`.execute(database.query)).rows).toEqual([{ synchronous: 2 }]);
  expect((await sql`PRAGMA foreign_keys`.execute(database.query)).rows).toEqual([{ foreign_keys: 1 }]);
});

test('a database that went with the process leaves no file', async () => {
  using folder = startFolder();
  await using database = folder.open(':memory:');
  await database.ping();
  expect(statSync(folder.file, { throwIfNoEntry: false })).toBeUndefined();
});

test('a file that is no database is refused and let go of', () => {
  using folder = startFolder();
  const file = join(folder.file, '../../../not-a-database');
  writeFileSync(file, 'these bytes are a letter to a friend, and a long one at that, so no header fits');
  expect(() => folder.open(file)).toThrow('file is not a database');
});

test.each([false, true])('after it is closed it does not answer (asked something before: %s)', async (asked) => {
  using folder = startFolder();
  const database = folder.open();
  const ask = () => database.query.selectFrom('todos').selectAll().execute();
  if (asked) await ask();
  await database.close();
  await database.close();
  await expect(database.ping()).rejects.toThrow();
  await expect(ask()).rejects.toThrow();
});
