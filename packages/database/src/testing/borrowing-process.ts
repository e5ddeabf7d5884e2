/** Has a PostgreSQL of its own, tells where it is, and forgets to stop it. */
import { startPostgres } from './postgres-server.ts';

process.exitCode = 3;
const server = await startPostgres({ durable: false });
const url = await server.createDatabase();
const [where] = await server.query(url, 'SHOW data_directory');
process.send?.({ pid: server.pid(), folder: where?.data_directory });
