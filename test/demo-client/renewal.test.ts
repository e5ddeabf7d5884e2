import { openDatabase } from '@latchkey/database';
import { testEngine } from '@latchkey/database/testing';
import { resolveFromRoot } from '@latchkey/settings';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Tables } from '../../apps/demo-client/src/tables.ts';
import type { Browser } from '../browser.ts';
import { type SmallTown, startSmallTown } from './small-town.ts';

let town: SmallTown;
beforeEach(async () => {
  town = await startSmallTown();
});
afterEach(async () => {
  await town[Symbol.asyncDispose]();
});

const refreshes = () => town.authorizationServer.tokenRequests.filter(({ grantType }) => grantType === 'refresh_token');
const list = (browser: Browser, url = town.url) => browser.request(`${url}/api/todos`);
const session = async (browser: Browser) => (await browser.request(`${town.url}/auth/session`)).json();
const expired = 301_000;

test('S36: a minute before the token ends it is renewed, silently', async () => {
  const { browser } = await town.signIn();
  town.clockAheadMs = 238_000;
  expect((await list(browser)).status).toBe(200);
  expect(refreshes()).toEqual([]);
  town.clockAheadMs = 241_000;
  expect((await list(browser)).status).toBe(200);
  expect(refreshes()).toEqual([{ grantType: 'refresh_token', status: 200 }]);
  expect((await session(browser)).access_token_expires_in).toBeGreaterThan(295);
});

test('S35: after a 401 "Token expired" the token is renewed and the request sent again, once', async () => {
  const { browser } = await town.signIn();
  town.api.clockAheadMs = expired;
  const before = town.api.requests.length;
  const response = await browser.request(`${town.url}/api/todos`, {
    method: 'POST',
    headers: { 'X-CSRF': '1', 'Content-Type': 'application/json' },
    body: JSON.stringify({ title: 'Milk' }),
  });
  // NOTE: this API's clock stays ahead, so it refuses the new token as well: exactly one retry can be counted.
  expect(response.status).toBe(401);
  expect(town.api.requests.slice(before).map(({ method, body }) => [method, body])).toEqual([
    ['POST', '{"title":"Milk"}'],
    ['POST', '{"title":"Milk"}'],
  ]);
  expect(refreshes()).toHaveLength(1);
  expect(await session(browser)).toMatchObject({ signed_in: true });
});

test('S35: the retried request succeeds with the new token', async () => {
  const { browser } = await town.signIn();
  town.api.clockAheadMs = expired;
  town.authorizationServer.beforeToken = async () => {
    town.api.clockAheadMs = 0;
  };
  expect((await list(browser)).status).toBe(200);
  expect(town.api.requests.slice(-2).map(({ status }) => status)).toEqual([401, 200]);
});

test('S37: of 32 requests at each of two processes with an expired token, exactly one renews it', async () => {
  const { browser } = await town.signIn();
  town.clockAheadMs = expired;
  const answers = await Promise.all(
    Array.from({ length: 64 }, (_, index) => list(browser, index % 2 === 0 ? town.url : town.secondUrl)),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array(64).fill(200));
  expect(refreshes()).toEqual([{ grantType: 'refresh_token', status: 200 }]);
});

test('S37: also when the API refuses the token of 64 requests at once', async () => {
  const { browser } = await town.signIn();
  town.api.clockAheadMs = expired;
  town.authorizationServer.beforeToken = async () => {
    town.api.clockAheadMs = 0;
  };
  const answers = await Promise.all(
    Array.from({ length: 64 }, (_, index) => list(browser, index % 2 === 0 ? town.url : town.secondUrl)),
  );
  expect(answers.map(({ status }) => status)).toEqual(Array(64).fill(200));
  expect(refreshes()).toHaveLength(1);
});

test('S30: a refresh token that is refused signs the person out kindly, and keeps what they typed', async () => {
  const { browser, page } = await town.signIn();
  town.authorizationServer.revokeEverything();
  town.clockAheadMs = expired;
  const ended = await browser.submit(page, '/todos', { title: 'Milk' });
  expect(ended.status).toBe(401);
  expect(ended.text).toContain('Your sign-in has ended');
  expect(ended.text).toContain('value="/?title=Milk"');
  expect(await session(browser)).toEqual({ signed_in: false });
  const script = await list(browser);
  expect(script.status).toBe(401);
  expect(await script.json()).toEqual({ error: 'unauthorized', error_description: 'Not authenticated' });

  town.clockAheadMs = 0;
  const back = await browser.submit(ended, '/auth/sign-in');
  expect(back.text).toContain('value="Milk"');
});

test.each(['down', 500, 503] as const)(
  'S35: when the server answers a refresh with %s the session stays',
  async (outage) => {
    const { browser } = await town.signIn();
    town.clockAheadMs = expired;
    town.authorizationServer.outage = outage;
    const answers = await Promise.all([list(browser), list(browser), list(browser, town.secondUrl)]);
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 503]);
    const page = await browser.go(town.url);
    expect(page.status).toBe(200);
    expect(page.text).toContain('you are still signed in');
    expect(await session(browser)).toMatchObject({ signed_in: true });

    town.authorizationServer.outage = 'none';
    expect((await list(browser)).status).toBe(200);
  },
);

test('S36: when renewing ahead of time fails, the old token serves on', async () => {
  const { browser } = await town.signIn();
  town.clockAheadMs = 250_000;
  town.authorizationServer.outage = 'down';
  expect((await list(browser)).status).toBe(200);
});

test('a request that lasts longer than a lease keeps it: nobody else asks meanwhile', async () => {
  const { browser } = await town.signIn();
  town.clockAheadMs = expired;
  await using database = await openDatabase<Tables>({ ...town.place, migrations: resolveFromRoot('db/demo-client') });
  const leaseEnd = async () => {
    const { lease_ends_at } = await database.query.selectFrom('sessions').selectAll().executeTakeFirstOrThrow();
    return lease_ends_at ?? 0;
  };
  town.authorizationServer.beforeToken = async () => {
    const taken = await leaseEnd();
    await expect.poll(leaseEnd, { timeout: 5_000 }).toBeGreaterThan(taken);
  };
  const answers = await Promise.all([list(browser), list(browser, town.secondUrl)]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  expect(refreshes()).toHaveLength(1);
});

test('a process that died while it held the lease blocks nobody for long', async () => {
  const { browser } = await town.signIn();
  town.clockAheadMs = expired;
  let asked = 0;
  const held = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  town.authorizationServer.beforeToken = async () => {
    if (++asked > 1) return;
    reached.resolve();
    await held.promise;
  };
  const first = list(browser);
  await reached.promise;
  // The lease has a time limit; who comes after it takes over.
  town.clockAheadMs += 60_000;
  expect((await list(browser, town.secondUrl)).status).toBe(200);
  expect((await session(browser)).access_token_expires_in).toBeGreaterThan(290);
  town.authorizationServer.beforeToken = async () => {};
  held.resolve();
  // The late one finds newer tokens in the row and uses them; it neither overwrites them nor signs the person out.
  expect((await first).status).toBe(200);
  expect(await session(browser)).toMatchObject({ signed_in: true });
});

test.each([
  ['the person', signOutHere],
  ['the authorization server', signOutThere],
])('a session that %s ends while its renewal is on its way stays ended', async (_who, signOut) => {
  const { browser } = await town.signIn();
  town.clockAheadMs = expired;
  const held = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  town.authorizationServer.beforeToken = () => {
    reached.resolve();
    return held.promise;
  };
  const underWay = list(browser);
  await reached.promise;
  await signOut(browser);
  held.resolve();
  expect((await underWay).status).toBe(401);
  expect(await session(browser)).toEqual({ signed_in: false });
  // What came too late for the session does not live on.
  const { issued, revoked } = town.authorizationServer;
  expect(revoked).toContain(issued.findLast((token) => token !== '' && !token.startsWith('eyJ')));
});

async function signOutHere(browser: Browser): Promise<void> {
  await browser.request(`${town.url}/auth/sign-out`, { method: 'POST', headers: { 'X-CSRF': '1' } });
}

async function signOutThere(): Promise<void> {
  const now = Math.floor(Date.now() / 1000);
  const { issuer, sign } = town.authorizationServer;
  const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
  const claims = { iss: issuer, aud: 'demo-client', sub: 'alice', iat: now, exp: now + 600, jti: 'once', events };
  const body = new URLSearchParams({ logout_token: await sign(claims, 'logout+jwt') });
  expect((await fetch(`${town.secondUrl}/auth/backchannel-logout`, { method: 'POST', body })).status).toBe(200);
}

test('S37: /auth/refresh renews at once, by script and by form, and says how long the new token lasts', async () => {
  const { browser, page } = await town.signIn();
  town.clockAheadMs = 100_000;
  const send = () => browser.request(`${town.url}/auth/refresh`, { method: 'POST', headers: { 'X-CSRF': '1' } });
  const answers = await Promise.all([send(), send(), send()]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  // NOTE: together they renew once; one that reads the session after that renews what is new by then.
  const renewed = refreshes().length;
  expect(renewed).toBeLessThanOrEqual(testEngine === 'sqlite' ? 1 : 3);
  expect(await answers[0]?.json()).toEqual({
    refreshed: true,
    access_token_expires_in: expect.toSatisfy((seconds: number) => seconds > 290),
  });
  expect((await browser.submit(page, '/auth/refresh')).url.pathname).toBe('/');
  expect(refreshes()).toHaveLength(renewed + 1);
});

test('S14: a missing scope (403) is passed on and signs nobody out', async () => {
  const { browser } = await town.signIn('?scope=openid+read:todos');
  const response = await browser.request(`${town.url}/api/todos`, {
    method: 'POST',
    headers: { 'X-CSRF': '1', 'Content-Type': 'application/json' },
    body: '{"title":"Milk"}',
  });
  expect(response.status).toBe(403);
  expect(response.headers.get('WWW-Authenticate')).toContain('insufficient_scope');
  expect(refreshes()).toEqual([]);
  expect(await session(browser)).toMatchObject({ signed_in: true });
});
