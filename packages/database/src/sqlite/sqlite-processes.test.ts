import { expect, test } from 'vitest';
import { reports, startPrograms } from '../testing/programs.ts';
import { todo, todosPlace } from '../testing/todos-database.ts';

interface Hammered {
  readonly hits: number;
  readonly longestMs: number;
}

test('of several programs that write as fast as they can each gets its share, and no write is lost', async () => {
  await using place = await todosPlace('sqlite');
  const { query } = await place.open();
  const names = ['ann', 'bob', 'cyd', 'dan'];
  await query
    .insertInto('todos')
    .values(names.map((name) => todo(name)))
    .execute();
  const hits = () => query.selectFrom('todos').select(['id', 'hits']).orderBy('id').execute();
  const sum = (rows: readonly { hits: number }[]) => rows.reduce((total, row) => total + row.hits, 0);

  const { file, migrations } = place;
  const programs = await startPrograms(
    'hammering',
    names.map((name) => ({ file, migrations, name })),
  );
  for (const program of programs) program.send('start');
  // NOTE: within a second the system may favour one of them much. A starved one would stay behind however long this goes on.
  const isShared = (rows: readonly { hits: number }[]) =>
    sum(rows) > 3_000 && rows.every((row) => row.hits > sum(rows) / names.length / 6);
  await expect.poll(async () => isShared(await hits()), { timeout: 20_000 }).toBe(true);
  const hammered = await reports<Hammered>(programs, 'stop');

  expect(await hits()).toEqual(names.map((id, index) => ({ id, hits: hammered[index]?.hits })));
  const fairShare = sum(hammered) / names.length;
  // NOTE: far from fair, on a machine with fewer cores than programs. Starved would be near to nothing.
  for (const one of hammered) expect(one.hits).toBeGreaterThan(fairShare / 8);
  for (const one of hammered) expect(one.longestMs).toBeLessThan(4_000);
});
