import { expect, test } from 'vitest';
import { startSmallTown } from './small-town.ts';

test('S37: in reactive mode only the refusal of the API renews', async () => {
  await using town = await startSmallTown({ settings: { refreshMode: 'reactive' } });
  const { browser, page } = await town.signIn();
  expect(page.text).toContain('</span> seconds; renewed when the API refuses it');
  town.clockAheadMs = 301_000;
  await browser.request(`${town.url}/api/todos`);
  expect(town.authorizationServer.tokenRequests).toHaveLength(1);
  town.api.clockAheadMs = 301_000;
  await browser.request(`${town.url}/api/todos`);
  expect(town.authorizationServer.tokenRequests).toHaveLength(2);
});

test('S37: in proactive mode a refusal of the API is passed on', async () => {
  await using town = await startSmallTown({ settings: { refreshMode: 'proactive' } });
  const { browser } = await town.signIn();
  town.api.clockAheadMs = 301_000;
  expect((await browser.request(`${town.url}/api/todos`)).status).toBe(401);
  expect(town.authorizationServer.tokenRequests).toHaveLength(1);
  town.clockAheadMs = 241_000;
  await browser.request(`${town.url}/api/todos`);
  expect(town.authorizationServer.tokenRequests).toHaveLength(2);
});
