import { chmodSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { Engine } from '../engine.ts';
import { pulseSql } from '../migration-files.ts';
import { createGroupCommit } from './group-commit.ts';
import { migrateSqlite } from './migrate-sqlite.ts';
import { createSqliteDialect } from './sqlite-dialect.ts';
import { sqliteFailure } from './sqlite-failures.ts';
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

/** Pages that change often are copied from the log once for many changes; the log takes 16 MB for it. */
const pagesBeforeCheckpoint = 4_000;

/** Given back in one transaction; few, so that others do not wait for it. */
const pagesAtOnce = 200;

/** A transaction that does nothing but ask the database ends before any timer; this is for the one that forgot to. */
const turnTimeoutMs = 2_000;

/** The embedded database, durable across power loss: WAL, `synchronous=FULL`, and one commit for each turn of the event loop. */
export function openSqlite({ file, migrations, busyTimeoutMs }: SqliteOptions): Engine {
  const { connection, applied } = openConnection({ file, migrations, busyTimeoutMs });
  const groupCommit = createGroupCommit({ connection, busyTimeoutMs, turnTimeoutMs });
  const statements = createSqliteStatements(connection, groupCommit);
  return {
    name: 'sqlite',
    applied,
    dialect: createSqliteDialect({ groupCommit, statements }),
    run: statements.run,
    async ping() {
      await statements.run(pulseSql.replace('$1', '?'), [Date.now()]);
    },
    async purge() {
      // NOTE: what was deleted is overwritten on its page already; the log may hold the page as it was.
      await groupCommit.drained();
      connection.pragma('wal_checkpoint(TRUNCATE)');
    },
    async shrink() {
      const count = (of: 'page_count' | 'freelist_count') => connection.pragma(of, { simple: true }) as number;
      for (let free = count('freelist_count'); free > 1_000 && free > count('page_count') / 4; ) {
        await groupCommit.write(() => connection.pragma(`incremental_vacuum(${pagesAtOnce})`));
        const left = count('freelist_count');
        if (left >= free) return;
        free = left;
      }
    },
    isConflict: () => false,
    async close() {
      await groupCommit.drained();
      connection.close();
    },
  };
}

function openConnection({ file, migrations, busyTimeoutMs }: SqliteOptions) {
  const inFile = file !== ':memory:';
  let connection: Sqlite.Database | undefined;
  try {
    if (inFile) mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    connection = new Sqlite(file, { timeout: busyTimeoutMs });
    if (inFile) chmodSync(file, 0o600);
    // NOTE: has to be said before the first table is made.
    connection.pragma('auto_vacuum = INCREMENTAL');
    connection.pragma('journal_mode = WAL');
    connection.pragma('synchronous = FULL');
    connection.pragma(`wal_autocheckpoint = ${pagesBeforeCheckpoint}`);
    connection.pragma('foreign_keys = ON');
    connection.pragma('secure_delete = FAST');
    const applied = migrateSqlite(connection, migrations);
    connection.pragma(`busy_timeout = ${Math.min(busyTimeoutMs, blockingWaitMs)}`);
    return { connection, applied };
  } catch (error) {
    connection?.close();
    throw sqliteFailure(error);
  }
}
