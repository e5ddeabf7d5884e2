import pg from 'pg';
import { expect, test } from 'vitest';
import { temporaryDatabase } from '../testing/temporary-database.ts';
import { watchedPool } from './watched-pool.ts';

test('a connection that breaks once more after it was given back does not end the program', async () => {
  await using place = await temporaryDatabase('postgres');
  const pool = new pg.Pool({ connectionString: place.url });
  const made: pg.PoolClient[] = [];
  pool.on('connect', (client) => made.push(client));
  const watched = watchedPool(pool);
  const client = await watched.connect();
  client.release(true);
  expect(() => made[0]?.emit('error', new Error('terminating connection'))).not.toThrow();
  await watched.close();
});
