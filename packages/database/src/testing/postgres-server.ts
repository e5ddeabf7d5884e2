import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { freePort } from './free-port.ts';

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

export interface PostgresServerOptions {
  /** Whether a commit survives a power loss, as in production; true if it is not given. */
  readonly durable?: boolean;
}

/** What the process that keeps it is told. */
export interface KeeperTask {
  readonly user: string;
  readonly password: string;
  readonly port: number;
  readonly flags: readonly string[];
}

const user = 'latchkey';
const lossy = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

/** A server of one's own. It is gone, with its folder, when it is disposed of or when this process ends in any way. */
export async function startPostgres({ durable = true }: PostgresServerOptions = {}): Promise<PostgresServer> {
  const port = await freePort();
  const password = randomBytes(16).toString('hex');
  const flags = ['max_connections=200', 'listen_addresses=127.0.0.1', ...(durable ? [] : lossy)];
  const keeper = forkKeeper({ user, password, port, flags });
  const { folder } = await ordered(keeper, 'initialise');
  let count = 0;

  const address = (database: string) => `postgres://${user}:${password}@127.0.0.1:${port}/${database}`;

  async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
    const client = new pg.Client(url);
    client.on('error', () => {});
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  }

  return {
    query,
    async createDatabase() {
      count += 1;
      const name = `test_${count}`;
      await query(address('postgres'), `CREATE DATABASE ${name}`);
      return address(name);
    },
    async stop() {
      await ordered(keeper, 'stop');
    },
    async start() {
      await ordered(keeper, 'start');
    },
    pid: () => Number(readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8').split('\n', 1)[0]),
    async [Symbol.asyncDispose]() {
      if (!keeper.connected) return;
      keeper.ref();
      const exited = once(keeper, 'exit');
      keeper.disconnect();
      await exited;
    },
  };
}

function forkKeeper(task: KeeperTask): ChildProcess {
  const program = new URL('postgres-keeper-process.ts', import.meta.url);
  const keeper = fork(program, [JSON.stringify(task)], { execArgv: [], detached: true, stdio: 'ignore' });
  // NOTE: it ends when this process does, so it does not keep it from ending.
  keeper.unref();
  keeper.channel?.unref();
  return keeper;
}

async function ordered(keeper: ChildProcess, order: string): Promise<{ folder: string }> {
  keeper.channel?.ref();
  const answered = Promise.race([once(keeper, 'message'), once(keeper, 'exit')]);
  keeper.send(order);
  const [answer] = await answered;
  keeper.channel?.unref();
  if (!answer?.folder) throw new Error(answer?.error ?? 'the process that keeps PostgreSQL has ended');
  return answer;
}
