import pg from 'pg';
import { bookkeeping, missingMigrations } from '../migration-files.ts';
import { mapped } from './postgres-failures.ts';

/** Any number will do, as long as every replica takes the same. */
const migrationLock = 7_205_759_403;

export interface PostgresMigration {
  readonly client: pg.ClientConfig;
  readonly schema: string;
  /** Folder with the `0001-….sql` timeline. */
  readonly folder: string;
}

/**
 * Applies the migrations that are missing, all in one transaction. Of several replicas that start at once one does it,
 * and the others wait for it.
 *
 * @returns the names of the migrations applied now
 */
export async function migratePostgres({ client: config, schema, folder }: PostgresMigration): Promise<string[]> {
  const client = new pg.Client(config);
  // NOTE: a connection that breaks says so to the statement that waits, too.
  client.on('error', () => {});
  try {
    await mapped(client.connect());
    return await migrate({
      schema,
      folder,
      query: (sql, values) => mapped(client.query(sql, values)),
    });
  } finally {
    // NOTE: undoes what was not committed.
    await client.end();
  }
}

interface MigrationNeeds {
  readonly query: (sql: string, values?: unknown[]) => Promise<pg.QueryResult>;
  readonly schema: string;
  readonly folder: string;
}

async function migrate({ query, schema, folder }: MigrationNeeds): Promise<string[]> {
  await query('BEGIN');
  await query(`SELECT pg_advisory_xact_lock(${migrationLock})`);
  // NOTE: `IF NOT EXISTS` asks for the right to create one even where it is there, made by the administrator.
  const { rowCount } = await query('SELECT FROM pg_namespace WHERE nspname = $1', [schema]);
  if (!rowCount) await query(`CREATE SCHEMA "${schema}"`);
  for (const statement of bookkeeping) await query(statement);
  const { rows } = await query('SELECT name FROM migrations');
  const missing = missingMigrations(
    folder,
    rows.map(({ name }) => name),
  );
  for (const { name, sql } of missing) {
    await query(sql);
    await query('INSERT INTO migrations (name, applied_at) VALUES ($1, $2)', [name, Date.now()]);
  }
  await query('COMMIT');
  return missing.map(({ name }) => name);
}
