import { startPostgres } from '@latchkey/database/testing';
import Sqlite from 'better-sqlite3';
import pg from 'pg';
import { expect, test } from 'vitest';
import { createPostgresReplayStore } from './postgres-replay-store.ts';
import { createSqliteReplayStore } from './sqlite-replay-store.ts';

const start = Date.parse('2026-01-01T00:00:00Z');

test('a database that is away, or has no table, is a rejection', async () => {
  const closed = new Sqlite(':memory:');
  closed.close();
  await expect(createSqliteReplayStore({ database: closed }).spend('a', start)).rejects.toThrow();
  await expect(createSqliteReplayStore({ database: new Sqlite(':memory:') }).spend('a', start)).rejects.toThrow();
});

test('a PostgreSQL that stops is a rejection until it is back, and what was spent stays spent', async () => {
  await using server = await startPostgres();
  const pool = new pg.Pool({ connectionString: await server.createDatabase() });
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  const store = createPostgresReplayStore({ pool, now: () => start });
  await store.migrate();
  expect(await store.spend('a', start + 60_000)).toBe(true);
  await server.stop();
  await expect(store.spend('b', start + 60_000)).rejects.toThrow();
  await server.start();
  expect(await store.spend('a', start + 60_000)).toBe(false);
  expect(await store.spend('b', start + 60_000)).toBe(true);
  await pool.end();
});
