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

test('S37: each session may choose its mode, by form or by script, and keeps it over a renewal', async () => {
  await using town = await startSmallTown();
  const { browser, page } = await town.signIn();
  const state = async () => (await browser.request(`${town.url}/auth/session`)).json();
  const choose = (body: string, headers: Record<string, string> = { 'X-CSRF': '1' }) =>
    browser.request(`${town.url}/auth/refresh-mode`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
      body,
    });
  const other = await town.signIn();

  expect(await (await choose('mode=reactive')).json()).toEqual({ refresh_mode: 'reactive' });
  town.clockAheadMs = 301_000;
  await browser.request(`${town.url}/api/todos`);
  expect(town.authorizationServer.tokenRequests.filter(({ grantType }) => grantType === 'refresh_token')).toEqual([]);
  await browser.request(`${town.url}/auth/refresh`, { method: 'POST', headers: { 'X-CSRF': '1' } });
  expect(await state()).toMatchObject({ refresh_mode: 'reactive' });
  expect(await (await other.browser.request(`${town.url}/auth/session`)).json()).toMatchObject({
    refresh_mode: 'hybrid',
  });

  const back = await browser.submit(page, '/auth/refresh-mode', { mode: 'proactive', return_to: '//evil.example' });
  expect(back.url.href).toBe(`${town.url}/`);
  expect(await state()).toMatchObject({ refresh_mode: 'proactive' });

  expect((await choose('mode=never')).status).toBe(400);
  expect((await choose('mode=hybrid', {})).status).toBe(403);
  expect((await choose('mode=hybrid', { 'X-CSRF': '1', 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403);
  expect(await state()).toMatchObject({ refresh_mode: 'proactive' });
});
