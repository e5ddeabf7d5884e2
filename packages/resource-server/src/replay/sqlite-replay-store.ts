import type { StoredReplayStore } from './replay-store.ts';
import { checkedTable, createSweepTurns, type ReplayTableOptions, sweptAtOnce } from './replay-table.ts';

/** Shaped like the `Database` of better-sqlite3 and the `DatabaseSync` of `node:sqlite`. */
export interface SqliteReplayDatabase {
  prepare(sql: string): SqliteReplayStatement;
  exec(sql: string): unknown;
}

export interface SqliteReplayStatement {
  run(...parameters: (string | number)[]): { readonly changes: number | bigint };
}

export interface SqliteReplayStoreOptions extends ReplayTableOptions {
  /**
   * NOTE: a connection of its own: on one with an open transaction, what was spent would come back when that is rolled
   * back. It says how long to wait for other writers (`timeout`), and whether a commit outlives a power cut.
   */
  readonly database: SqliteReplayDatabase;
}

/**
 * For an API of several processes on one machine. The insertion itself decides who was first, so no two processes can
 * both be.
 *
 * @throws {TypeError} for a table name that is not plain
 */
export function createSqliteReplayStore({ database, table, now = () => Date.now() }: SqliteReplayStoreOptions) {
  const name = checkedTable(table);
  const isSweepTurn = createSweepTurns();
  /** Prepared at the first use, since the table may be made only then. */
  let statements: Record<'insert' | 'sweep', SqliteReplayStatement> | undefined;
  const prepare = () => ({
    insert: database.prepare(`INSERT INTO "${name}" (key, expires_at) VALUES (?, ?) ON CONFLICT (key) DO NOTHING`),
    sweep: database.prepare(
      `DELETE FROM "${name}" WHERE key IN (SELECT key FROM "${name}" WHERE expires_at < ? LIMIT ${sweptAtOnce})`,
    ),
  });

  const store: StoredReplayStore = {
    async migrate() {
      database.exec(`
        CREATE TABLE IF NOT EXISTS "${name}" (key TEXT PRIMARY KEY NOT NULL, expires_at INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS "${name}_expires_at" ON "${name}" (expires_at);
      `);
    },
    // NOTE: async, so that what the driver throws is a rejection.
    async spend(key, expiresAt) {
      statements ??= prepare();
      if (isSweepTurn()) statements.sweep.run(now());
      return Number(statements.insert.run(key, Math.ceil(expiresAt)).changes) === 1;
    },
  };
  return store;
}
