import type Sqlite from 'better-sqlite3';
import { bookkeeping, missingMigrations } from '../migration-files.ts';

/**
 * Applies the migrations that are missing, all in one transaction that also locks out every other process.
 *
 * @returns the names of the migrations applied now
 */
export function migrateSqlite(connection: Sqlite.Database, folder: string): string[] {
  const apply = connection.transaction(() => {
    for (const statement of bookkeeping) connection.exec(statement);
    const applied = connection.prepare('SELECT name FROM migrations').pluck().all() as string[];
    const missing = missingMigrations(folder, applied);
    const record = connection.prepare('INSERT INTO migrations (name, applied_at) VALUES (?, ?)');
    for (const { name, sql } of missing) {
      connection.exec(sql);
      record.run(name, Date.now());
    }
    return missing.map(({ name }) => name);
  });
  return apply.immediate();
}
