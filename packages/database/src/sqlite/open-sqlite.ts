import { chmodSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { Engine } from '../engine.ts';
import { pulseSql } from '../migration-files.ts';
import { createGroupCommit } from './group-commit.ts';
import { migrateSqlite } from './migrate-sqlite.ts';
import { createSqliteDialect } from './sqlite-dialect.ts';
import { createSqliteStatements } from './sqlite-statements.ts';

export interface SqliteOptions {
  /** Path of the file; its folder is made when it is not there. `:memory:` for one that goes with the process. */
  readonly file: string;
  /** Folder with the `0001-….sql` timeline. */
  readonly migrations: string;
  /** How long a writer waits for another process's transaction, in milliseconds. */
  readonly busyTimeoutMs: number;
}

/** A short wait in the driver itself saves the detour over a timer; a longer one would stop the whole program. */
const blockingWaitMs = 2;

/** The embedded database, durable across power loss: WAL, `synchronous=FULL`, and one commit for each turn of the event loop. */
export function openSqlite({ file, migrations, busyTimeoutMs }: SqliteOptions): Engine {
  if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const connection = new Sqlite(file, { timeout: busyTimeoutMs });
  let applied: string[];
  try {
    if (file !== ':memory:') chmodSync(file, 0o600);
    connection.pragma('journal_mode = WAL');
    connection.pragma('synchronous = FULL');
    connection.pragma('foreign_keys = ON');
    applied = migrateSqlite(connection, migrations);
    connection.pragma(`busy_timeout = ${Math.min(busyTimeoutMs, blockingWaitMs)}`);
  } catch (error) {
    connection.close();
    throw error;
  }

  const groupCommit = createGroupCommit({ connection, busyTimeoutMs });
  const statements = createSqliteStatements(connection, groupCommit);
  return {
    name: 'sqlite',
    applied,
    dialect: createSqliteDialect({ connection, groupCommit, statements }),
    run: statements.run,
    async ping() {
      await statements.run(pulseSql.replace('$1', '?'), [Date.now()]);
    },
    isConflict: () => false,
    async close() {
      await groupCommit.drained();
      // NOTE: may be closed already, by the query builder that was asked something.
      connection.close();
    },
  };
}
