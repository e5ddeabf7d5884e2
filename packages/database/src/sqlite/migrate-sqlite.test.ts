import { mkdtempDisposableSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { DatabaseTooNewError, migrate } from './migrations.ts';

/** A folder with these migrations, and a database beside it. */
function startTimeline(migrations: Record<string, string>) {
  const folder = mkdtempDisposableSync(join(tmpdir(), 'latchkey-'));
  const add = (more: Record<string, string>) => {
    for (const [name, sql] of Object.entries(more)) writeFileSync(join(folder.path, name), sql);
  };
  add(migrations);
  const file = join(folder.path, 'test.sqlite');
  const connection = new Sqlite(file);
  return {
    add,
    file,
    connection,
    apply: () => migrate(connection, folder.path),
    tables: () => connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").pluck().all(),
    [Symbol.dispose]() {
      connection.close();
      folder.remove();
    },
  };
}

const first = { '0001-people.sql': 'CREATE TABLE people (id TEXT PRIMARY KEY)' };
const second = { '0002-todos.sql': 'CREATE TABLE todos (id TEXT PRIMARY KEY); CREATE TABLE tags (id TEXT)' };

test('missing migrations are applied in order, each once', () => {
  using timeline = startTimeline({ ...second, ...first });
  expect(timeline.apply()).toEqual(['0001-people.sql', '0002-todos.sql']);
  expect(timeline.tables()).toEqual(['migrations', 'people', 'tags', 'todos']);
  expect(timeline.apply()).toEqual([]);
});

test('a later version applies only what it adds', () => {
  using timeline = startTimeline(first);
  timeline.apply();
  timeline.add(second);
  expect(timeline.apply()).toEqual(['0002-todos.sql']);
});

test('a migration that fails leaves nothing behind, also not those before it', () => {
  using timeline = startTimeline({ ...first, '0002-broken.sql': 'CREATE TABLE half (id TEXT); CREATE NONSENSE' });
  expect(() => timeline.apply()).toThrow('NONSENSE');
  expect(timeline.tables()).toEqual([]);
});

test('a database that a newer version has written is left alone, and the unknown is named', () => {
  using timeline = startTimeline(first);
  timeline.apply();
  timeline.connection.prepare('INSERT INTO migrations VALUES (?, ?)').run('0009-future.sql', 0);
  timeline.add(second);
  expect(() => timeline.apply()).toThrow(DatabaseTooNewError);
  expect(() => timeline.apply()).toThrow('0009-future.sql');
  expect(timeline.tables()).toEqual(['migrations', 'people']);
});

test('other files in the folder are not taken for migrations', () => {
  using timeline = startTimeline({ ...first, 'README.sql': 'CREATE NONSENSE', '2-short.sql': 'CREATE NONSENSE' });
  expect(timeline.apply()).toEqual(['0001-people.sql']);
});

test('two programs that start at once do not apply a migration twice', () => {
  using timeline = startTimeline(first);
  const other = new Sqlite(timeline.file, { timeout: 0 });
  other.exec('BEGIN IMMEDIATE');
  timeline.connection.pragma('busy_timeout = 0');
  expect(() => timeline.apply()).toThrow('database is locked');
  other.exec('ROLLBACK');
  other.close();
  expect(timeline.apply()).toEqual(['0001-people.sql']);
});
