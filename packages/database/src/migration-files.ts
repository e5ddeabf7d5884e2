import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const migrationName = /^\d{4}-[a-z0-9-]+\.sql$/;

/** An older program has met the tables of a newer one: it must not write to what it does not understand. */
export class DatabaseTooNewError extends Error {
  constructor(unknown: readonly string[]) {
    super(
      `The database has migrations that this version does not know (${unknown.join(', ')}). ` +
        'Start the newer version again, or restore a backup from before the upgrade.',
    );
    this.name = 'DatabaseTooNewError';
  }
}

export interface Migration {
  readonly name: string;
  readonly sql: string;
}

/**
 * The migrations of a folder that are still to be applied, in order.
 *
 * @throws {DatabaseTooNewError} when some were applied that the folder does not have
 */
export function missingMigrations(folder: string, applied: readonly string[]): Migration[] {
  const known = readdirSync(folder)
    .filter((name) => migrationName.test(name))
    .sort();
  const unknown = applied.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new DatabaseTooNewError(unknown);
  return known
    .filter((name) => !applied.includes(name))
    .map((name) => ({ name, sql: readFileSync(join(folder, name), 'utf8') }));
}

/** What this room keeps for itself, in both engines: which migrations were applied, and a row that probes write to. */
export const bookkeeping = [
  'CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, applied_at BIGINT NOT NULL)',
  'CREATE TABLE IF NOT EXISTS pulse (id SMALLINT PRIMARY KEY, at BIGINT NOT NULL)',
];

export const pulseSql = 'INSERT INTO pulse (id, at) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET at = excluded.at';
