import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { DatabaseTooNewError } from './migration-files.ts';
import { openDatabase } from './open-database.ts';
import { engines, temporaryDatabase } from './testing/index.ts';
import { reports, startPrograms } from './testing/programs.ts';
import { startTimeline } from './testing/timeline.ts';

const first = { '0001-people.sql': 'CREATE TABLE people (id TEXT PRIMARY KEY)' };
const second = { '0002-todos.sql': 'CREATE TABLE todos (id TEXT PRIMARY KEY); CREATE TABLE tags (id TEXT)' };

describe.each(engines)('on %s', (engine) => {
  /** A folder with these migrations, and an empty database. */
  async function start(migrations: Record<string, string>) {
    const timeline = startTimeline(migrations);
    const { url, file, [Symbol.asyncDispose]: dispose } = await temporaryDatabase(engine);
    const options = { url, file, migrations: timeline.folder, schema: 'town' };
    const open = () => openDatabase<never>(options);
    return {
      options,
      add: timeline.add,
      open,
      async apply() {
        await using database = await open();
        return database.applied;
      },
      async tables() {
        await using database = await open();
        return (await database.query.introspection.getTables()).map(({ name }) => name).sort();
      },
      async [Symbol.asyncDispose]() {
        await dispose();
        timeline[Symbol.dispose]();
      },
    };
  }

  test('missing migrations are applied in order, each once', async () => {
    await using town = await start({ ...second, ...first });
    expect(await town.apply()).toEqual(['0001-people.sql', '0002-todos.sql']);
    expect(await town.tables()).toEqual(['migrations', 'people', 'pulse', 'tags', 'todos']);
    expect(await town.apply()).toEqual([]);
  });

  test('a later version applies only what it adds', async () => {
    await using town = await start(first);
    await town.apply();
    town.add(second);
    expect(await town.apply()).toEqual(['0002-todos.sql']);
  });

  test('a migration that fails leaves nothing behind, also not those before it', async () => {
    await using town = await start({ ...first, '0002-broken.sql': 'CREATE TABLE half (id TEXT); CREATE NONSENSE' });
    await expect(town.apply()).rejects.toThrow('syntax error');
    town.add({ '0001-people.sql': 'CREATE TABLE others (id TEXT)', '0002-broken.sql': '' });
    expect(await town.tables()).toEqual(['migrations', 'others', 'pulse']);
  });

  test('a database that a newer version has written is left alone, and the unknown is named', async () => {
    await using town = await start(first);
    {
      await using database = await town.open();
      await sql`INSERT INTO migrations VALUES ('0009-future.sql', 0)`.execute(database.query);
    }
    town.add(second);
    await expect(town.apply()).rejects.toThrow(DatabaseTooNewError);
    await expect(town.apply()).rejects.toThrow('0009-future.sql');
    town.add({ '0009-future.sql': '' });
    expect(await town.apply()).toEqual(['0002-todos.sql']);
  });

  test('other files in the folder are not taken for migrations', async () => {
    await using town = await start({ ...first, 'README.sql': 'CREATE NONSENSE', '2-short.sql': 'CREATE NONSENSE' });
    expect(await town.apply()).toEqual(['0001-people.sql']);
  });

  test('of three programs that start at once on an empty database each migration is applied by one', async () => {
    await using town = await start({ ...first, ...second });
    const programs = await startPrograms('opening', [town.options, town.options, town.options]);
    const applied = await reports<string[]>(programs, 'open');
    expect(applied.flat().sort()).toEqual(['0001-people.sql', '0002-todos.sql']);
    expect(await town.apply()).toEqual([]);
  });
});
