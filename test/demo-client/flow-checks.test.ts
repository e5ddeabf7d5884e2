import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PresentedExchange, RecordedRun } from '../../apps/demo-client/src/flow/presented-exchange.ts';
import type { Browser } from '../browser.ts';
import { type RealTown, startRealTown } from './real-town.ts';

let town: RealTown;
beforeAll(async () => {
  town = await startRealTown({ FLOW_REPORTS_SECRET: 'what the apps of this story show when they tell' });
});
afterAll(() => town[Symbol.asyncDispose]());

async function told(browser: Browser, label: string): Promise<PresentedExchange | undefined> {
  const run = (await (await browser.request(`${town.url}/flow/run.json`)).json()) as RecordedRun;
  return run.exchanges.findLast(({ to, request }) => to === 'client' && request.label === label);
}

const checksOf = (exchange: PresentedExchange | undefined) =>
  exchange?.checks.map(({ by, name, outcome }) => `${by}: ${name} ${outcome}`);

test('a page shows its session, and a write shows that it comes from a page of this app, or does not', async () => {
  const { browser } = await town.signIn('alice', { query: '?return_to=/' });
  expect(checksOf(await told(browser, 'GET /'))).toEqual(['client: session passed']);
  await browser.request(`${town.url}/auth/refresh`, { method: 'POST', headers: { 'X-CSRF': '1' } });
  expect(checksOf(await told(browser, 'POST /auth/refresh'))).toEqual([
    'client: csrf passed',
    'client: session passed',
  ]);
  await browser.request(`${town.url}/auth/refresh`, { method: 'POST' });
  const refused = await told(browser, 'POST /auth/refresh');
  expect(refused?.outcome).toBe('refused');
  expect(checksOf(refused)).toEqual(['client: csrf failed']);
});

test('a callback that nobody here has begun shows that its state is of no sign-in of this browser', async () => {
  const { browser } = await town.signIn('alice', { query: '?return_to=/' });
  await browser.go(`${town.url}/auth/callback?state=somebody-elses&code=somebody-elses`);
  expect(checksOf(await told(browser, 'GET /auth/callback'))?.[0]).toBe('client: state failed');
});

test('who signs out at the authorization server sees it tell the client, by the back channel, and the client check that', async () => {
  const { browser } = await town.signIn('alice', { query: '?return_to=/' });
  const page = await browser.go(`${town.authorizationServer.issuer}/logout`);
  const action = /action="([^"]*\/logout\/confirm)"/.exec(page.text)?.[1] ?? '';
  await browser.submit(page, action, { logout: 'yes' });
  await expect.poll(() => told(browser, 'POST /auth/backchannel-logout')).toBeDefined();
  const order = await told(browser, 'POST /auth/backchannel-logout');
  expect(order).toMatchObject({ from: 'authorization-server', to: 'client', channel: 'back', outcome: 'done' });
  expect(checksOf(order)).toEqual(['client: logout_token passed']);
  await browser.go(town.url);
  expect(checksOf(await told(browser, 'GET /'))).toEqual(['client: session failed']);
});
