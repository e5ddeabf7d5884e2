import { expect, test } from 'vitest';
import { startSmallTown } from './small-town.ts';

test('one parameter as often as a request line can hold it takes no time', async () => {
  await using town = await startSmallTown();
  const query = '&a='.repeat(5_000);
  const started = performance.now();
  for (let round = 0; round < 10; round++) {
    const answer = await fetch(`${town.url}/auth/sign-in?${query}`, { redirect: 'manual' });
    expect(answer.status).toBeLessThan(500);
    await answer.text();
  }
  expect(performance.now() - started).toBeLessThan(1_000);
});
