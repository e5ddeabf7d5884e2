import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Browser, openBrowser, type Page } from '../browser.ts';
import { startSmallAuthorizationServer } from './small-authorization-server.ts';
import { type SmallTown, startSmallTown } from './small-town.ts';

let town: SmallTown;
beforeEach(async () => {
  town = await startSmallTown();
});
afterEach(async () => {
  await town[Symbol.asyncDispose]();
});

const session = async (browser: Browser) => (await browser.request(`${town.url}/auth/session`)).json();
const isCallback = (url: URL) => url.pathname === '/auth/callback';
const isAuthorization = (url: URL) => url.origin === town.authorizationServer.issuer && url.pathname === '/auth';

/** Walks through the sign-in up to the callback's address, without asking for it. */
async function upToCallback(browser: Browser, query = ''): Promise<URL> {
  return (await browser.go(`${town.url}/auth/sign-in${query}`, { stopAt: isCallback })).url;
}

function expectRefusal(page: Page): void {
  expect(page.status).toBe(400);
  expect(page.text).toMatch(/href="\/auth\/sign-in[^"]*">Sign in again</);
  expect(page.headers.get('Cache-Control')).toBe('no-store');
}

test('S38: Alice signs in, allows, and sees her list; the request carries PKCE, state, nonce and resource', async () => {
  const { browser, page } = await town.signIn();
  expect(page.status).toBe(200);
  expect(page.url.href).toBe(`${town.url}/`);
  expect(page.text).toContain('Nothing to do. Add the first one above.');
  expect(page.text).toContain('Person alice');

  const request = town.authorizationServer.lastRequest;
  expect(request.get('redirect_uri')).toBe(`${town.url}/auth/callback`);
  expect(request.get('scope')).toBe('openid profile email read:todos write:todos');
  expect(request.get('resource')).toBe(town.api.resource);
  expect(request.get('code_challenge_method')).toBe('S256');
  for (const name of ['state', 'nonce', 'code_challenge']) expect(request.get(name)?.length).toBeGreaterThan(20);

  expect(await session(browser)).toMatchObject({
    signed_in: true,
    name: 'Person alice',
    username: 'alice',
    email: 'alice@example.org',
    scopes: ['read:todos', 'write:todos'],
    scopes_not_granted: [],
    refresh_mode: 'hybrid',
  });
});

test('S38: the session cookie is HttpOnly and SameSite=Strict, and arrives although the callback is cross-site', async () => {
  const { browser } = await town.signIn();
  const cookie = browser.cookies().get('latchkey_demo');
  expect(cookie?.attributes.toLowerCase()).toContain('httponly');
  expect(cookie?.attributes.toLowerCase()).toContain('samesite=strict');
  expect([...browser.cookies().keys()].filter((name) => name.includes('sign_in'))).toEqual([]);
});

test('S38: the callback answers with a page that navigates on, also without script', async () => {
  const browser = openBrowser();
  const callback = await upToCallback(browser, '?return_to=/%3Ftitle=milk');
  const response = await browser.request(callback, { crossSite: true });
  expect(response.status).toBe(200);
  const text = await response.text();
  expect(text).toContain('<meta http-equiv="refresh" content="0;url=/?title=milk">');
  expect(text).toContain('href="/?title=milk"');
});

test('who allows only a part sees no box to add with, what was not allowed, and can be asked for it later', async () => {
  town.authorizationServer.person.allows = ['read:todos'];
  const { browser, page } = await town.signIn();
  expect(page.text).not.toContain('id="todo-add"');
  expect(page.text).toContain('You said no to it, or your account may not allow it');
  expect(await session(browser)).toMatchObject({ scopes: ['read:todos'], scopes_not_granted: ['write:todos'] });

  town.authorizationServer.person.allows = 'all';
  const more = await browser.submit(page, '/auth/sign-in');
  const request = town.authorizationServer.lastRequest;
  expect(request.get('scope')).toBe('openid profile email read:todos write:todos');
  expect(request.get('prompt')).toBe('consent');
  expect(more.text).toContain('id="todo-add"');
  expect(more.text).not.toContain('class="callout"');
});

test('the start page lets one choose what to ask for', async () => {
  const browser = openBrowser();
  const start = await browser.go(town.url);
  expect(start.text).toContain('See and delete the todos of everyone');
  const page = await browser.go(`${town.url}/auth/sign-in?scope=openid+profile+email&scope=admin&scope=nonsense`);
  expect(town.authorizationServer.lastRequest.get('scope')).toBe('openid profile email admin');
  expect(page.text).toContain('This app may not see your todos');
  expect(await session(browser)).toMatchObject({ scopes: ['admin'] });
});

test('who says no reads that nothing was allowed, and how to try again', async () => {
  town.authorizationServer.person.allows = 'nothing';
  const { browser, page } = await town.signIn('?return_to=/%3Ftitle=milk');
  expect(page.status).toBe(200);
  expect(page.text).toContain('Nothing was allowed');
  expect(page.text).toContain('return_to=%2F%3Ftitle%3Dmilk');
  expect(await session(browser)).toEqual({ signed_in: false });
});

test('who says no to more stays signed in with what was allowed before', async () => {
  const { browser, page } = await town.signIn('?scope=openid+profile+read:todos');
  town.authorizationServer.person.allows = 'nothing';
  const denied = await browser.submit(page, '/auth/sign-in');
  expect(denied.text).toContain('everything is as it was before');
  expect(await session(browser)).toMatchObject({ signed_in: true, scopes: ['read:todos'] });
});

test.each([
  ['a changed state', (url: URL) => url.searchParams.set('state', `${url.searchParams.get('state')}x`)],
  ['no state', (url: URL) => url.searchParams.delete('state')],
  ['two states', (url: URL) => url.searchParams.append('state', 'another')],
  ['a foreign iss', (url: URL) => url.searchParams.set('iss', 'https://evil.example')],
  ['no iss', (url: URL) => url.searchParams.delete('iss')],
  ['a made-up code', (url: URL) => url.searchParams.set('code', 'made-up')],
  ['no code', (url: URL) => url.searchParams.delete('code')],
  ['nothing at all', (url: URL) => ['code', 'state', 'iss'].forEach((name) => void url.searchParams.delete(name))],
])('S38: the callback refuses %s with a page to start again from', async (_what, tamper) => {
  const browser = openBrowser();
  const callback = await upToCallback(browser);
  tamper(callback);
  expectRefusal(await browser.go(callback, { crossSite: true }));
  expect(await session(browser)).toEqual({ signed_in: false });
});

test('S38: an answer of another authorization server (mix-up) is refused before its code is sent anywhere', async () => {
  await using other = await startSmallAuthorizationServer({
    clientUrl: town.url,
    clientSecret: town.clientSecret,
    resource: town.api.resource,
    refreshTokens: true,
  });
  const browser = openBrowser();
  const { url } = await browser.go(`${town.url}/auth/sign-in`, { stopAt: isAuthorization });
  const { url: callback } = await browser.go(`${other.issuer}/auth${url.search}`, { stopAt: isCallback });
  expect(callback.searchParams.get('iss')).toBe(other.issuer);
  expect(callback.searchParams.get('state')).toBe(url.searchParams.get('state'));
  expectRefusal(await browser.go(callback, { crossSite: true }));
  expect([...town.authorizationServer.tokenRequests, ...other.tokenRequests]).toEqual([]);
});

test('S38: an ID token with another nonce is refused', async () => {
  const browser = openBrowser();
  const { url } = await browser.go(`${town.url}/auth/sign-in`, { stopAt: isAuthorization });
  url.searchParams.set('nonce', 'chosen-by-somebody-else');
  expectRefusal(await browser.go(url));
  expect(await session(browser)).toEqual({ signed_in: false });
});

test('S38: a callback replayed is refused, and the session that it gave stays', async () => {
  const browser = openBrowser();
  const callback = await upToCallback(browser);
  expect((await browser.go(callback, { crossSite: true })).status).toBe(200);
  const again = await browser.go(callback);
  expectRefusal(again);
  expect(again.text).toContain('Go to your todos');
  expect(await session(browser)).toMatchObject({ signed_in: true });
  expect(town.authorizationServer.tokenRequests).toHaveLength(1);
});

test('S38: of two callbacks at once, one goes on', async () => {
  const browser = openBrowser();
  const callback = await upToCallback(browser);
  const cookies = [...browser.cookies()].map(([name, { value }]) => `${name}=${value}`).join('; ');
  const send = () => fetch(callback, { headers: { Cookie: cookies } });
  const answers = await Promise.all([send(), send(), send()]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400]);
});

test("S38: a callback that was begun in another browser signs nobody in (login CSRF), and stays the other's", async () => {
  const attacker = openBrowser();
  const callback = await upToCallback(attacker);
  const victim = openBrowser();
  expectRefusal(await victim.go(callback, { crossSite: true }));
  expect(await session(victim)).toEqual({ signed_in: false });
  expect((await attacker.go(callback, { crossSite: true })).status).toBe(200);
});

test("S38: another person's code in one's own callback is refused (PKCE)", async () => {
  const stolen = (await upToCallback(openBrowser())).searchParams.get('code') ?? '';
  const browser = openBrowser();
  const callback = await upToCallback(browser);
  callback.searchParams.set('code', stolen);
  expectRefusal(await browser.go(callback, { crossSite: true }));
});

test('a sign-in that took longer than ten minutes starts again', async () => {
  const browser = openBrowser();
  const callback = await upToCallback(browser);
  town.clockAheadMs = 11 * 60_000;
  expectRefusal(await browser.go(callback, { crossSite: true }));
});

test('three tabs can sign in at once, and cookies never pile up', async () => {
  const browser = openBrowser();
  const callbacks = [await upToCallback(browser), await upToCallback(browser), await upToCallback(browser)];
  for (const callback of callbacks) expect((await browser.go(callback, { crossSite: true })).status).toBe(200);

  for (let tab = 0; tab < 20; tab++) await browser.go(`${town.url}/auth/sign-in`, { stopAt: isAuthorization });
  expect([...browser.cookies().keys()].filter((name) => name.includes('sign_in')).length).toBeLessThanOrEqual(5);
});

test('session fixation: a planted cookie is worth nothing after the sign-in', async () => {
  const browser = openBrowser();
  browser.setCookie('latchkey_demo', 'planted-by-an-attacker');
  await browser.go(`${town.url}/auth/sign-in`);
  expect(await session(browser)).toMatchObject({ signed_in: true });
  const attacker = openBrowser();
  attacker.setCookie('latchkey_demo', 'planted-by-an-attacker');
  expect(await session(attacker)).toEqual({ signed_in: false });
});

test('session fixation: signing in again changes the cookie, and the one before is dead', async () => {
  const { browser } = await town.signIn();
  const before = browser.cookies().get('latchkey_demo')?.value ?? '';
  await browser.go(`${town.url}/auth/sign-in?prompt=consent`);
  expect(browser.cookies().get('latchkey_demo')?.value).not.toBe(before);
  const thief = openBrowser();
  thief.setCookie('latchkey_demo', before);
  expect(await session(thief)).toEqual({ signed_in: false });
  expect(await session(browser)).toMatchObject({ signed_in: true });
});

test('two tabs sign in at once: a page that the first tab had asked for still finds it signed in', async () => {
  const browser = openBrowser();
  const [first, second] = [await upToCallback(browser), await upToCallback(browser)];
  await browser.request(first);
  const ofTheFirst = openBrowser();
  ofTheFirst.setCookie('latchkey_demo', browser.cookies().get('latchkey_demo')?.value ?? '');
  await browser.request(second);
  expect(await session(ofTheFirst)).toMatchObject({ signed_in: true });
  expect(await session(browser)).toMatchObject({ signed_in: true });

  town.clockAheadMs = 10_001;
  expect(await session(ofTheFirst)).toEqual({ signed_in: false });
  expect(await session(browser)).toMatchObject({ signed_in: true });
});

test('signing out also ends the session that another tab has just replaced', async () => {
  const browser = openBrowser();
  const [first, second] = [await upToCallback(browser), await upToCallback(browser)];
  await browser.request(first);
  const ofTheFirst = openBrowser();
  ofTheFirst.setCookie('latchkey_demo', browser.cookies().get('latchkey_demo')?.value ?? '');
  await browser.request(second);
  await browser.submit(await browser.go(town.url), '/auth/sign-out');
  expect(await session(ofTheFirst)).toEqual({ signed_in: false });
});

test.each([
  '//evil.example',
  '/\\evil.example',
  'https://evil.example/',
  'javascript:alert(1)',
  '/%09/evil.example'.replace('%09', '\t'),
  '/./\\evil.example',
  '/.//evil.example',
  '/auth/sign-in',
  'todos',
])('return_to cannot lead away from the app: %j', async (returnTo) => {
  const { page } = await town.signIn(`?${new URLSearchParams({ return_to: returnTo })}`);
  expect(page.url.href).toBe(`${town.url}/`);
});

test('while the authorization server is away there is a kind 503, and afterwards signing in works', async () => {
  town.authorizationServer.outage = 'down';
  const browser = openBrowser();
  expect((await browser.go(town.url)).status).toBe(200);
  const away = await browser.go(`${town.url}/auth/sign-in?return_to=/%3Ftitle=milk`);
  expect(away.status).toBe(503);
  expect(away.text).toContain('Signing in is not possible right now');
  expect(away.text).toContain('return_to=%2F%3Ftitle%3Dmilk');
  town.authorizationServer.outage = 'none';
  expect((await browser.go(`${town.url}/auth/sign-in`)).status).toBe(200);
  expect(await session(browser)).toMatchObject({ signed_in: true });
});

test('an authorization server that breaks off at the exchange gives a 503 to try again from', async () => {
  const browser = openBrowser();
  const callback = await upToCallback(browser);
  town.authorizationServer.outage = 'down';
  const page = await browser.go(callback, { crossSite: true });
  expect(page.status).toBe(503);
  expect(page.text).toContain('Try again');
});

test('127.0.0.1 is taken to localhost', async () => {
  const response = await fetch(town.url.replace('localhost', '127.0.0.1'), { redirect: 'manual' });
  expect(response.status).toBe(308);
  expect(response.headers.get('Location')).toBe(`${town.url}/`);
});
