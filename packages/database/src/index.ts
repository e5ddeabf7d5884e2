/**
 * The database behind one door: opens SQLite or PostgreSQL, brings its tables up to date from the SQL timeline in
 * `db/<app>/`, and hands out typed queries (Kysely). Only this room knows which engine runs; what the tables mean
 * belongs to the subjects.
 */

export { DatabaseTooNewError } from './migration-files.ts';
export { type Database, openDatabase } from './open-database.ts';
export { DatabaseRefusedError, DatabaseUnavailableError, type OutageListener } from './unavailable.ts';
