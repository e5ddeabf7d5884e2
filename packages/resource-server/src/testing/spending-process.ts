/** Spends the same keys as its siblings, as fast as it can, in the database that it is told of; reports how often it was first. */
import Sqlite from 'better-sqlite3';
import pg from 'pg';
import { createPostgresReplayStore } from '../replay/postgres-replay-store.ts';
import { createSqliteReplayStore } from '../replay/sqlite-replay-store.ts';

const { url, file, keys } = JSON.parse(process.argv[2] ?? '') as { url?: string; file: string; keys: string[] };
const pool = url === undefined ? undefined : new pg.Pool({ connectionString: url });
const store = pool ? createPostgresReplayStore({ pool }) : createSqliteReplayStore({ database: new Sqlite(file) });

process.once('message', async () => {
  const firsts = await Promise.all(keys.map((key) => store.spend(key, Date.now() + 60_000)));
  await pool?.end();
  process.send?.(firsts.filter((first) => first).length);
  process.disconnect();
});
process.send?.('ready');
