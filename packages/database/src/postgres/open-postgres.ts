import { hash } from 'node:crypto';
import { PostgresDialect, type QueryResult } from 'kysely';
import pg from 'pg';
import type { Engine } from '../engine.ts';
import { pulseSql } from '../migration-files.ts';
import { migratePostgres } from './migrate-postgres.ts';
import { isPostgresConflict, postgresFailure } from './postgres-failures.ts';
import { watchedPool } from './watched-pool.ts';

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

const mostRepeats = 5;

/** Several replicas share it; what must hold between them is decided by single statements and by serializable transactions. */
export async function openPostgres(options: PostgresOptions): Promise<Engine> {
  const pool = createPool(options);
  let applied: string[];
  try {
    const client = await pool.connect();
    try {
      // NOTE: a migration, or waiting for another replica's, may take longer than any statement of a request.
      await client.query('SET statement_timeout = 0');
      applied = await migratePostgres(client, options.schema, options.migrations);
    } finally {
      client.release(true);
    }
  } catch (error) {
    await pool.end();
    throw postgresFailure(error);
  }

  const names = new Map<string, string>();
  const nameOf = (sql: string) => {
    let name = names.get(sql);
    if (name === undefined) {
      name = hash('sha256', sql, 'base64url');
      names.set(sql, name);
    }
    return name;
  };

  async function run(sql: string, parameters: readonly unknown[]): Promise<QueryResult<unknown>> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const { rows, rowCount } = await pool.query({ name: nameOf(sql), text: sql, values: [...parameters] });
        return { rows, numAffectedRows: BigInt(rowCount ?? 0) };
      } catch (error) {
        // NOTE: a statement of its own has left nothing behind when it lost a deadlock.
        if (!isPostgresConflict(error) || attempt === mostRepeats) throw postgresFailure(error);
      }
    }
  }

  return {
    name: 'postgres',
    applied,
    dialect: new PostgresDialect({ pool: watchedPool(pool) }),
    run,
    async ping() {
      await run(pulseSql, [Date.now()]);
    },
    isConflict: isPostgresConflict,
    close: () => pool.end(),
  };
}

function createPool({ url, schema, poolSize, statementTimeoutMs }: PostgresOptions): pg.Pool {
  const address = new URL(url);
  const options = [address.searchParams.get('options'), `-c search_path=${schema}`].filter(Boolean).join(' ');
  address.searchParams.set('options', options);
  const pool = new pg.Pool({
    connectionString: address.href,
    application_name: `latchkey ${schema}`,
    max: poolSize,
    connectionTimeoutMillis: statementTimeoutMs / 2,
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + 1_000,
    keepAlive: true,
    types: { getTypeParser },
  });
  // NOTE: an idle connection that breaks is dropped from the pool; whoever asks next opens another, or hears that none can be had.
  pool.on('error', () => {});
  return pool;
}

const bigint = 20;

/** Times and counts are whole numbers below 2^53, in both engines. */
function getTypeParser(oid: number, format?: 'text' | 'binary') {
  return oid === bigint ? Number : pg.types.getTypeParser(oid, format as 'text');
}
