/** Real databases for tests and trials, gone afterwards, and what starting them takes. Not for production, nor imported by it. */
export { dumpOf } from './dump.ts';
export { freePort } from './free-port.ts';
export { type PostgresServer, startPostgres } from './postgres-server.ts';
export { engines, type TemporaryDatabase, temporaryDatabase } from './temporary-database.ts';
export { testEngine } from './test-engine.ts';
