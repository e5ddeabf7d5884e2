import pg from 'pg';
import { DatabaseRefusedError, DatabaseUnavailableError } from '../unavailable.ts';

/**
 * Classes of SQLSTATE that say something about the server and nothing about the statement: connection, resources,
 * operator intervention (shutdown, statement timeout), system error; and three that wait too long or meet a server in
 * recovery, which only reads.
 */
const passing = /^(08|53|57|58)|^(55P03|25006|25P03)$/;

/** Another transaction ran at the same time: serialization failure, deadlock. */
const conflict = /^40(001|P01)$/;

export function isPostgresConflict(error: unknown): boolean {
  return error instanceof pg.DatabaseError && conflict.test(error.code ?? '');
}

/** Wrong name, password or database: whoever starts the program has to mend it, so it says where, and not with what. */
export function entryRefused(error: unknown, url: string): DatabaseRefusedError | undefined {
  if (!(error instanceof pg.DatabaseError) || !/^(28|3D)/.test(error.code ?? '')) return undefined;
  const { username, host, pathname } = new URL(url);
  const place = `${username} at ${host}${pathname}`;
  const words = `PostgreSQL does not let in ${place} (DATABASE_URL): ${error.message}`;
  return new DatabaseRefusedError(words, { cause: error });
}

/** A prepared statement gives other columns than when it was prepared: a newer program has changed the table. */
export function isStalePlan(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '0A000' && error.routine === 'RevalidateCachedQuery';
}

/** What is not from the server is from the way to it, and after what is fatal the server hangs up. */
export function endsConnection(error: unknown): boolean {
  return !(error instanceof pg.DatabaseError) || error.severity === 'FATAL' || error.severity === 'PANIC';
}

/** The same error, or the one that says that the database is not available. */
export function postgresFailure(error: unknown): unknown {
  if (error instanceof pg.DatabaseError) {
    return passing.test(error.code ?? '') ? new DatabaseUnavailableError(error) : error;
  }
  // NOTE: from the way to the server: refused, reset, timed out, ended.
  return error instanceof Error && !(error instanceof TypeError) ? new DatabaseUnavailableError(error) : error;
}

export async function mapped<Value>(work: Promise<Value>): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    throw postgresFailure(error);
  }
}
