/** Real databases for tests and trials, gone afterwards. Not for production, nor imported by it. */
export { type PostgresServer, startPostgres } from './postgres-server.ts';
export { engines, type TemporaryDatabase, temporaryDatabase } from './temporary-database.ts';
