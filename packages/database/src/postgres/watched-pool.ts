import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PostgresPool, PostgresPoolClient } from 'kysely';
import type pg from 'pg';
import { DatabaseUnavailableError } from '../unavailable.ts';
import { endsConnection, postgresFailure } from './postgres-failures.ts';

/** What goes wrong on the way to the server is told apart from what the server refuses, and never used again. */
export interface WatchedPool {
  connect(): Promise<WatchedClient>;
  /** Waits for everything that was asked for. */
  close(): Promise<void>;
  /** The same, as the query builder wants it. It is closed by others. */
  readonly forKysely: PostgresPool;
}

export interface WatchedClient {
  query(config: pg.QueryConfig): Promise<pg.QueryResult>;
  release(discard?: boolean): void;
}

export function watchedPool(pool: pg.Pool): WatchedPool {
  // NOTE: a connection may break while it is handed over, when nobody listens, and that would end the program. Who uses
  // it then hears of it at the first statement.
  pool.on('connect', (client) => client.on('error', () => {}));
  const connecting = new Set<Promise<unknown>>();
  let closing: Promise<void> | undefined;
  let closed = false;

  async function connect(): Promise<WatchedClient> {
    if (closed) throw new Error('the database is closed');
    const connected = pool.connect();
    connecting.add(connected);
    try {
      return watchedClient(await connected);
    } catch (error) {
      // NOTE: whatever the reason is, a password that was changed among them: it worked when the database was opened.
      throw new DatabaseUnavailableError(error);
    } finally {
      connecting.delete(connected);
    }
  }

  async function end(): Promise<void> {
    // NOTE: what was asked for just now has not come here yet; and a pool that ends forgets who waits in line.
    await nextTurn();
    closed = true;
    await Promise.allSettled(connecting);
    await pool.end();
  }

  const forKysely = { connect, end: async () => {}, options: pool.options } as unknown as PostgresPool;
  return {
    connect,
    forKysely,
    close() {
      closing ??= end();
      return closing;
    },
  };
}

function watchedClient(client: pg.PoolClient): WatchedClient & Pick<PostgresPoolClient, 'release'> {
  let broken: unknown;
  const onError = (error: Error) => {
    broken ??= error;
  };
  // NOTE: a connection that breaks between two statements of a transaction says so to nobody else.
  client.on('error', onError);
  return {
    async query(...query) {
      if (broken) throw new DatabaseUnavailableError(broken);
      try {
        return await client.query(...query);
      } catch (error) {
        // NOTE: after a timeout on this side its answer may still come, and be taken for that of the next statement.
        if (endsConnection(error)) broken ??= error;
        throw postgresFailure(error);
      }
    },
    release(discard = false) {
      client.off('error', onError);
      client.release(discard || broken !== undefined);
    },
  };
}
