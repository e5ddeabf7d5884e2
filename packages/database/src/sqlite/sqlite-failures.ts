import Sqlite from 'better-sqlite3';
import { DatabaseUnavailableError } from '../unavailable.ts';

/** Result codes that say something about the file, the disk or another process, and nothing about the statement. */
const passing = /^SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN|NOMEM|PROTOCOL)/;

/** The same error, or the one that says that the database is not available. */
export function sqliteFailure(error: unknown): unknown {
  return error instanceof Sqlite.SqliteError && passing.test(error.code) ? new DatabaseUnavailableError(error) : error;
}

export function isBusy(error: unknown): boolean {
  return error instanceof Sqlite.SqliteError && error.code.startsWith('SQLITE_BUSY');
}
