/** A real PostgreSQL for tests and trials: in a folder of its own, gone afterwards. Not for production, nor imported by it. */
export { type PostgresServer, startPostgres } from './postgres-server.ts';
