import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type PostgresServer, startPostgres } from './postgres-server.ts';

/** Where the lender is, for the processes that a test run consists of and for those that they start. */
const lenderVariable = 'LATCHKEY_POSTGRES_LENDER';

export interface PostgresLender extends AsyncDisposable {
  readonly url: string;
}

/**
 * Lends databases of one server to whoever asks on this machine. The server starts when somebody asks, so that those
 * who need none do not pay for it; and what was given back is emptied and lent again, since making one takes longer.
 */
export async function startLender(): Promise<PostgresLender> {
  let started: Promise<PostgresServer> | undefined;
  const free: Promise<string>[] = [];

  async function lend(): Promise<string> {
    started ??= startPostgres({ durable: false });
    const server = await started;
    return (await free.shift()?.catch(() => undefined)) ?? server.createDatabase();
  }

  const lender = createServer(async (request, response) => {
    try {
      if (request.method === 'POST') return response.end(await lend());
      const url = await text(request);
      const server = await started;
      if (server) free.push(emptied(server, url));
      // NOTE: whoever gets one that cannot be emptied takes another.
      free.at(-1)?.catch(() => {});
      return response.end();
    } catch (error) {
      return response.writeHead(500).end(String(error));
    }
  }).listen(0, '127.0.0.1');
  await once(lender, 'listening');
  const url = `http://127.0.0.1:${(lender.address() as AddressInfo).port}`;
  process.env[lenderVariable] = url;
  return {
    url,
    async [Symbol.asyncDispose]() {
      lender.closeAllConnections();
      lender.close();
      await (await started)?.[Symbol.asyncDispose]();
    },
  };
}

async function emptied(server: PostgresServer, url: string): Promise<string> {
  await server.query(
    url,
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  );
  const schemas = await server.query(
    url,
    "SELECT nspname AS name FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema$)'",
  );
  const drops = schemas.map(({ name }) => `DROP SCHEMA "${name}" CASCADE;`);
  await server.query(url, `${drops.join(' ')} CREATE SCHEMA public`);
  return url;
}

/** @returns the address of an empty database */
export function borrowDatabase(): Promise<string> {
  return ask({ method: 'POST' });
}

export async function giveBack(url: string): Promise<void> {
  await ask({ method: 'DELETE', body: url });
}

async function ask(request: RequestInit): Promise<string> {
  const lender = process.env[lenderVariable];
  if (!lender) throw new Error('nobody lends a PostgreSQL here: vitest does, or start one with startPostgres()');
  const response = await fetch(lender, request);
  const answer = await response.text();
  if (!response.ok) throw new Error(answer);
  return answer;
}
