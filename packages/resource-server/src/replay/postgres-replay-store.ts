import type { StoredReplayStore } from './replay-store.ts';
import { checkedTable, createSweepTurns, type ReplayTableOptions, sweptAtOnce } from './replay-table.ts';

/** Shaped like the `Pool` of pg, and its `Client`. */
export interface PostgresReplayPool {
  query(sql: string, values?: (string | number)[]): Promise<{ readonly rowCount: number | null }>;
}

export interface PostgresReplayStoreOptions extends ReplayTableOptions {
  /**
   * NOTE: a pool, or a client outside of transactions: what was spent in one comes back when that is rolled back. It
   * says how long to wait for the server, and in which schema (`search_path`) the table is.
   */
  readonly pool: PostgresReplayPool;
}

/** Any number, always the same: those who make the table at the same time wait for one another. */
const migrationLock = 9_449_111;

/**
 * For an API of several replicas. The insertion itself decides who was first, so no two replicas can both be.
 *
 * @throws {TypeError} for a table name that is not plain
 */
export function createPostgresReplayStore({ pool, table, now = () => Date.now() }: PostgresReplayStoreOptions) {
  const name = checkedTable(table);
  const isSweepTurn = createSweepTurns();
  const insert = `INSERT INTO "${name}" (key, expires_at) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING`;
  // NOTE: rows that another replica deletes at this moment are skipped, so that none waits for another.
  const sweep = `DELETE FROM "${name}" WHERE key IN (
    SELECT key FROM "${name}" WHERE expires_at < $1 LIMIT ${sweptAtOnce} FOR UPDATE SKIP LOCKED)`;

  const store: StoredReplayStore = {
    async migrate() {
      // NOTE: sent as one, these are one transaction; without the lock, two that make a table at once fail at its name.
      await pool.query(`
        SELECT pg_advisory_xact_lock(${migrationLock});
        CREATE TABLE IF NOT EXISTS "${name}" (key TEXT PRIMARY KEY, expires_at BIGINT NOT NULL);
        CREATE INDEX IF NOT EXISTS "${name}_expires_at" ON "${name}" (expires_at);
      `);
    },
    async spend(key, expiresAt) {
      if (isSweepTurn()) await pool.query(sweep, [now()]);
      return (await pool.query(insert, [key, Math.ceil(expiresAt)])).rowCount === 1;
    },
  };
  return store;
}
