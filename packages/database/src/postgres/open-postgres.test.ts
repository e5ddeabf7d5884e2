import { sql } from 'kysely';
import pg from 'pg';
import { expect, test } from 'vitest';
import { startTimeline } from '../testing/timeline.ts';
import { todo, todosPlace } from '../testing/todos-database.ts';
import { DatabaseRefusedError, DatabaseUnavailableError } from '../unavailable.ts';

async function start() {
  const place = await todosPlace('postgres');
  const address = new URL(place.url ?? '');
  return {
    ...place,
    address,
    /** The same database, with something else in its address. */
    elsewhere: (change: Partial<URL>) => Object.assign(new URL(address), change).href,
    async order(statement: string) {
      const client = new pg.Client(address.href);
      await client.connect();
      try {
        return (await client.query(statement)).rows;
      } finally {
        await client.end();
      }
    },
  };
}

const pid = sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`;

test('apps that share a database do not see one another, each in a schema of its own', async () => {
  await using town = await start();
  using neighbours = startTimeline({ '0001-todos.sql': 'CREATE TABLE todos (id TEXT PRIMARY KEY, tune TEXT)' });
  const first = await town.open();
  const second = await town.open({ migrations: neighbours.folder, schema: 'songs' });
  await first.query.insertInto('todos').values(todo('t1')).execute();
  expect(second.applied).toEqual(['0001-todos.sql']);
  expect(await second.query.selectFrom('todos').selectAll().execute()).toEqual([]);
  const tables = await town.order("SELECT schemaname FROM pg_tables WHERE tablename = 'todos' ORDER BY 1");
  expect(tables).toEqual([{ schemaname: 'songs' }, { schemaname: 'todos' }]);
});

test('a schema may have the name of a keyword, and none that would need more than that', async () => {
  await using town = await start();
  const { query } = await town.open({ schema: 'user' });
  await query.insertInto('todos').values(todo('t1')).execute();
  expect(await town.order('SELECT id FROM "user".todos')).toEqual([{ id: 't1' }]);
  await expect(town.open({ schema: 'a, public' })).rejects.toThrow('cannot be the name of a schema');
});

test('options of the address are kept', async () => {
  await using town = await start();
  const { query } = await town.open({ url: town.elsewhere({ search: '?options=-c%20work_mem%3D8MB' }) });
  expect((await sql`SHOW work_mem`.execute(query)).rows).toEqual([{ work_mem: '8MB' }]);
  expect((await sql`SHOW search_path`.execute(query)).rows).toEqual([{ search_path: 'todos' }]);
});

test('it is reached through a socket, too', async () => {
  await using town = await start();
  const [socket] = await town.order("SELECT split_part(current_setting('unix_socket_directories'), ',', 1) AS folder");
  const { username, password, pathname, port } = town.address;
  const url = `postgres://${username}:${password}@${pathname}?host=${socket.folder}&port=${port}`;
  const { query } = await town.open({ url });
  expect((await sql`SELECT inet_server_addr() AS address`.execute(query)).rows).toEqual([{ address: null }]);
});

test('what will not pass by itself is not called an outage when the program starts', async () => {
  await using town = await start();
  const opened = (change: Partial<URL>) => town.open({ url: town.elsewhere(change) });
  await expect(opened({ password: 'wrong' })).rejects.toThrow(DatabaseRefusedError);
  await expect(opened({ password: 'wrong' })).rejects.toThrow(/does not let in .+ at .+ \(DATABASE_URL\): password/);
  await expect(opened({ password: 'wrong' })).rejects.not.toThrow('wrong');
  await expect(opened({ pathname: '/nowhere' })).rejects.toThrow('database "nowhere" does not exist');
});

test('a server that cannot be reached when the program starts is not available', async () => {
  await using town = await start();
  await expect(town.open({ url: town.elsewhere({ port: '1' }) })).rejects.toThrow(DatabaseUnavailableError);
  await expect(town.open({ url: town.elsewhere({ host: 'nowhere.invalid' }) })).rejects.toThrow('nowhere.invalid');
});

test('whoever may not make a schema is told so, and needs not to when it is there', async () => {
  await using town = await start();
  await town.order("CREATE ROLE tenant LOGIN PASSWORD 'key'");
  try {
    const url = town.elsewhere({ username: 'tenant', password: 'key' });
    await expect(town.open({ url })).rejects.toThrow('permission denied for database');
    await town.order('CREATE SCHEMA todos AUTHORIZATION tenant');
    const database = await town.open({ url });
    await database.ping();
    await database.close();
  } finally {
    await town.order('DROP OWNED BY tenant; DROP ROLE tenant');
  }
});

test('a statement that is refused does not cost its connection', async () => {
  await using town = await start();
  const { query, prepare } = await town.open({ poolSize: 1 });
  const add = prepare<{ id: string }>(({ id }) => query.insertInto('todos').values({ ...todo('any'), id }));
  await add({ id: 't1' });
  const [before] = (await pid.execute(query)).rows;
  await expect(add({ id: 't1' })).rejects.toThrow('unique');
  await expect(query.insertInto('todos').values(todo('t1')).execute()).rejects.toThrow('unique');
  expect((await pid.execute(query)).rows).toEqual([before]);
});

test('a migration may take longer than a statement of a request', async () => {
  await using town = await start();
  using slow = startTimeline({ '0001-slow.sql': 'SELECT pg_sleep(1.5)' });
  const opened = await town.open({ migrations: slow.folder, schema: 'slow', statementTimeoutMs: 300 });
  expect(opened.applied).toEqual(['0001-slow.sql']);
});
