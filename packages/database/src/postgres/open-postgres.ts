import { hash } from 'node:crypto';
import { PostgresDialect, type QueryResult } from 'kysely';
import pg from 'pg';
import type { Engine } from '../engine.ts';
import { pulseSql } from '../migration-files.ts';
import { migratePostgres } from './migrate-postgres.ts';
import { addressWithin } from './postgres-address.ts';
import { entryRefused, isPostgresConflict, isStalePlan } from './postgres-failures.ts';
import { type WatchedPool, watchedPool } from './watched-pool.ts';

export interface PostgresOptions {
  readonly url: string;
  /** Each app has a schema of its own, so that several may share one database. */
  readonly schema: string;
  /** Folder with the `0001-….sql` timeline. */
  readonly migrations: string;
  /** Connections of this process, at most. */
  readonly poolSize: number;
  /** After this long a statement is given up, in milliseconds; half of it is the patience for a connection. */
  readonly statementTimeoutMs: number;
}

/** Several replicas share it; what must hold between them is decided by single statements and by serializable transactions. */
export async function openPostgres(options: PostgresOptions): Promise<Engine> {
  const { url, schema, migrations, poolSize, statementTimeoutMs } = options;
  const client: pg.ClientConfig = {
    connectionString: addressWithin(schema, url),
    application_name: `latchkey ${schema}`,
    connectionTimeoutMillis: statementTimeoutMs / 2,
    keepAlive: true,
    types: { getTypeParser },
  };
  // NOTE: a migration, or waiting for another replica's, may take longer than any statement of a request.
  const applied = await migratePostgres({ client, schema, folder: migrations }).catch((error: unknown) => {
    throw entryRefused(error, url) ?? error;
  });

  const pool = new pg.Pool({
    ...client,
    max: poolSize,
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + 1_000,
  });
  // NOTE: an idle connection that breaks is dropped from the pool; whoever asks next opens another, or hears that none can be had.
  pool.on('error', () => {});
  const watched = watchedPool(pool);
  const run = createRun(watched);
  return {
    name: 'postgres',
    applied,
    dialect: new PostgresDialect({ pool: watched.forKysely }),
    run,
    async ping() {
      await run(pulseSql, [Date.now()]);
    },
    // NOTE: its own vacuum makes the room usable again.
    async shrink() {},
    async purge(table) {
      await pool.query(`VACUUM ${pg.escapeIdentifier(table)}`);
    },
    isConflict: isPostgresConflict,
    close: () => watched.close(),
  };
}

const mostAttempts = 5;

function createRun(pool: WatchedPool): Engine['run'] {
  const names = new Map<string, string>();
  function nameOf(sql: string): string {
    let name = names.get(sql);
    if (name === undefined) {
      name = hash('sha256', sql, 'base64url');
      names.set(sql, name);
    }
    return name;
  }

  async function run(sql: string, parameters: readonly unknown[], attempt = 1): Promise<QueryResult<unknown>> {
    const connection = await pool.connect();
    let stale = false;
    try {
      const query = { name: nameOf(sql), text: sql, values: [...parameters] };
      const { command, rows, rowCount } = await connection.query(query);
      return command === 'SELECT' ? { rows } : { rows, numAffectedRows: BigInt(rowCount ?? 0) };
    } catch (error) {
      stale = isStalePlan(error);
      // NOTE: a statement of its own has left nothing behind when it lost a deadlock, or its plan is stale. The latter
      // is not counted: it may be so on every connection, each of which is opened anew.
      if (!stale && !(isPostgresConflict(error) && attempt < mostAttempts)) throw error;
    } finally {
      connection.release(stale);
    }
    return run(sql, parameters, stale ? attempt : attempt + 1);
  }
  return (sql, parameters) => run(sql, parameters);
}

/** Of BIGINT, and of sums of it. */
const wholeNumbers = new Set([20, 1700]);

/** Times and counts are whole numbers below 2^53, in both engines. */
function getTypeParser(oid: number, format?: 'text' | 'binary') {
  return wholeNumbers.has(oid) ? Number : pg.types.getTypeParser(oid, format as 'text');
}
