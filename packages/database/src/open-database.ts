import { chmodSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import { Kysely } from 'kysely';
import { migrate } from './migrations.ts';
import { ImmediateSqliteDialect } from './sqlite-dialect.ts';

export interface OpenDatabaseOptions {
  /** Path of the SQLite file; its folder is made when it is not there. `:memory:` for one that goes with the process. */
  readonly file: string;
  /** Folder with the `0001-….sql` timeline. */
  readonly migrations: string;
  /** How long a writer waits for another process's transaction, in milliseconds. */
  readonly busyTimeoutMs?: number;
}

export interface Database<Tables> extends AsyncDisposable {
  readonly query: Kysely<Tables>;
  /** Throws when the database does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens an embedded database, durable across power loss (WAL, `synchronous=FULL`), and applies missing migrations.
 *
 * @throws {DatabaseTooNewError} when a newer program has written the database
 */
export function openDatabase<Tables>({
  file,
  migrations,
  busyTimeoutMs = 5_000,
}: OpenDatabaseOptions): Database<Tables> {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const connection = new Sqlite(file, { timeout: busyTimeoutMs });
  try {
    if (file !== ':memory:') chmodSync(file, 0o600);
    connection.pragma('journal_mode = WAL');
    connection.pragma('synchronous = FULL');
    connection.pragma('foreign_keys = ON');
    migrate(connection, migrations);
  } catch (error) {
    connection.close();
    throw error;
  }

  const query = new Kysely<Tables>({ dialect: new ImmediateSqliteDialect({ database: connection }) });
  const close = async () => {
    await query.destroy();
    // NOTE: what has never asked anything does not know of the connection, and would leave it open.
    connection.close();
  };
  return {
    query,
    async ping() {
      connection.prepare('SELECT 1').get();
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}
