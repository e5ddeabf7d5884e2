import type pg from 'pg';
import { bookkeeping, missingMigrations } from '../migration-files.ts';

/** Any number will do, as long as every replica takes the same. */
const migrationLock = 7_205_759_403;

/**
 * Applies the migrations that are missing, all in one transaction. Of several replicas that start at once one does it,
 * and the others wait for it.
 *
 * @returns the names of the migrations applied now
 */
export async function migratePostgres(client: pg.ClientBase, schema: string, folder: string): Promise<string[]> {
  await client.query('BEGIN');
  try {
    await client.query(`SELECT pg_advisory_xact_lock(${migrationLock})`);
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
    for (const statement of bookkeeping) await client.query(statement);
    const { rows } = await client.query<{ name: string }>('SELECT name FROM migrations');
    const missing = missingMigrations(
      folder,
      rows.map(({ name }) => name),
    );
    for (const { name, sql } of missing) {
      await client.query(sql);
      await client.query('INSERT INTO migrations (name, applied_at) VALUES ($1, $2)', [name, Date.now()]);
    }
    await client.query('COMMIT');
    return missing.map(({ name }) => name);
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
}
