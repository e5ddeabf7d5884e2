import pg from 'pg';
import { expect, test } from 'vitest';
import { temporaryDatabase } from '../testing/temporary-database.ts';
import { watchedPool } from './watched-pool.ts';

test('a connection that breaks while it is being handed over does not end the program', async () => {
  await using place = await temporaryDatabase('postgres');
  const pool = new pg.Pool({ connectionString: place.url });
  const watched = watchedPool(pool);
  const handedOver = Promise.withResolvers<boolean>();
  // NOTE: what comes in the same packet is there before whoever waits for the connection has got it.
  pool.on('acquire', (client) =>
    process.nextTick(() => {
      try {
        handedOver.resolve(client.emit('error', new Error('terminating connection due to unexpected postmaster exit')));
      } catch (error) {
        handedOver.reject(error);
      }
    }),
  );
  const client = await watched.connect();
  await expect(handedOver.promise).resolves.toBe(true);
  client.release(true);
  await watched.close();
});
