import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type Sqlite from 'better-sqlite3';

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

/**
 * Applies the migrations that are missing, all in one transaction that also locks out every other process.
 *
 * @returns the names of the migrations applied now
 */
export function migrate(connection: Sqlite.Database, folder: string): string[] {
  const known = readdirSync(folder)
    .filter((name) => migrationName.test(name))
    .sort();

  const apply = connection.transaction(() => {
    connection.exec('CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, applied_at INTEGER NOT NULL)');
    const rows = connection.prepare('SELECT name FROM migrations').all() as { name: string }[];
    const applied = new Set(rows.map(({ name }) => name));
    const unknown = [...applied].filter((name) => !known.includes(name));
    if (unknown.length > 0) throw new DatabaseTooNewError(unknown);

    const missing = known.filter((name) => !applied.has(name));
    const record = connection.prepare('INSERT INTO migrations (name, applied_at) VALUES (?, ?)');
    for (const name of missing) {
      connection.exec(readFileSync(join(folder, name), 'utf8'));
      record.run(name, Date.now());
    }
    return missing;
  });
  return apply.immediate();
}
