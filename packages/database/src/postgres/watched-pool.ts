import type { PostgresPool, PostgresPoolClient } from 'kysely';
import type pg from 'pg';
import { postgresFailure } from './postgres-failures.ts';

/** The pool as the query builder sees it: what goes wrong on the way to the server is told apart from what the server refuses. */
export function watchedPool(pool: pg.Pool): PostgresPool {
  return {
    async connect() {
      const client = await mapped(pool.connect());
      return watchedClient(client);
    },
    end: async () => {},
    options: pool.options,
  } as PostgresPool;
}

function watchedClient(client: pg.PoolClient): PostgresPoolClient {
  let broken: Error | undefined;
  const onError = (error: Error) => {
    broken = error;
  };
  // NOTE: a connection that breaks between two statements of a transaction says so to nobody else.
  client.on('error', onError);
  return {
    query: async (...query: unknown[]) => mapped((client.query as (...query: unknown[]) => Promise<unknown>)(...query)),
    release() {
      client.off('error', onError);
      client.release(broken);
    },
  } as unknown as PostgresPoolClient;
}

async function mapped<Value>(work: Promise<Value>): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    throw postgresFailure(error);
  }
}
