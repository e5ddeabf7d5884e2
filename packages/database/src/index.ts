/**
 * The database behind one door: opens it, brings its tables up to date from the SQL timeline in `db/<app>/`, and hands
 * out typed queries (Kysely). Only this room knows which engine runs; what the tables mean belongs to the subjects.
 */

export { DatabaseTooNewError } from './migrations.ts';
export { type Database, openDatabase } from './open-database.ts';
