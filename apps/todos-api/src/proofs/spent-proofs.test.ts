import { openDatabase } from '@latchkey/database';
import { engines, temporaryDatabase } from '@latchkey/database/testing';
import { resolveFromRoot } from '@latchkey/settings';
import { expect, test } from 'vitest';
import { createSpentProofs, type SpentProofsTables } from './spent-proofs.ts';

test.each(engines)('of many who present one proof at the same moment, one is the first: %s', async (engine) => {
  await using place = await temporaryDatabase(engine);
  const open = () =>
    openDatabase<SpentProofsTables>({ ...place, migrations: resolveFromRoot('db/todos-api'), poolSize: 4 });
  await using one = await open();
  await using two = await open();
  const stores = [one, two].map(({ query }) => createSpentProofs({ query, now: () => 0 }));
  const spent = await Promise.all(Array.from({ length: 40 }, (_, turn) => stores[turn % 2]?.spend('key', 1_000)));
  expect(spent.filter((first) => first)).toHaveLength(1);
  expect(await stores[0]?.spend('another', 1_000)).toBe(true);
});

test.each(engines)('what is over is cleared away as others come: %s', async (engine) => {
  await using place = await temporaryDatabase(engine);
  await using database = await openDatabase<SpentProofsTables>({
    ...place,
    migrations: resolveFromRoot('db/todos-api'),
  });
  let now = 0;
  const store = createSpentProofs({ query: database.query, now: () => now });
  for (let turn = 0; turn < 99; turn += 1) await store.spend(`old ${turn}`, 1_000);
  now = 1_001;
  await store.spend('new', 2_000);
  expect(await database.query.selectFrom('spent_proofs').selectAll().execute()).toEqual([
    { key: 'new', expires_at: 2_000 },
  ]);
});
