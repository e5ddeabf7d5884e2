import { decodeJwt, decodeProtectedHeader } from 'jose';
import { expect, test } from 'vitest';
import type { Browser } from '../browser.ts';
import { startRealTown } from './real-town.ts';

const add = (browser: Browser, url: string, title: string) =>
  browser.request(`${url}/api/todos`, {
    method: 'POST',
    headers: { 'X-CSRF': '1', 'Content-Type': 'application/json' },
    body: JSON.stringify({ title }),
  });
const renew = (browser: Browser, url: string) =>
  browser.request(`${url}/auth/refresh`, { method: 'POST', headers: { 'X-CSRF': '1' } });

test.each<Record<string, string>>([
  {},
  { PUSHED_AUTHORIZATION_REQUESTS: 'true' },
  { DPOP: 'true' },
  { PUSHED_AUTHORIZATION_REQUESTS: 'true', DPOP: 'true' },
])('with %j somebody signs in, works, has the tokens renewed by another process, and signs out', async (settings) => {
  await using town = await startRealTown(settings);
  const { browser, page } = await town.signIn('alice');
  expect(page.url.href).toBe(`${town.url}/`);
  expect((await add(browser, town.url, 'Milk')).status).toBe(201);
  expect((await renew(browser, town.secondUrl)).status).toBe(200);
  expect((await add(browser, town.secondUrl, 'Bread')).status).toBe(201);
  const list = await browser.go(town.url);
  for (const title of ['Milk', 'Bread']) expect(list.text).toContain(title);

  const calls = town.arrivals.filter(({ path }) => path.startsWith('/api/todos') && path !== '/api/todos?');
  const atTheApi = calls.filter(({ authorization }) => authorization !== undefined);
  expect(atTheApi.length).toBeGreaterThanOrEqual(4);
  for (const { authorization = '', dpop } of atTheApi) {
    const [scheme, token = ''] = authorization.split(' ');
    expect(scheme).toBe('DPOP' in settings ? 'DPoP' : 'Bearer');
    expect(decodeJwt(token).cnf).toEqual('DPOP' in settings ? { jkt: expect.any(String) } : undefined);
    expect(dpop === undefined).toBe(!('DPOP' in settings));
  }

  const out = await browser.submit(list, '/auth/sign-out');
  expect(out.url.origin).toBe(town.authorizationServer.issuer);
  expect(await (await browser.request(`${town.url}/auth/session`)).json()).toEqual({ signed_in: false });
});

test.each<Record<string, string>>([{}, { PUSHED_AUTHORIZATION_REQUESTS: 'true', DPOP: 'true' }])(
  'with %j whoever signs out at the authorization server is signed out here (back-channel logout)',
  async (settings) => {
    await using town = await startRealTown(settings);
    const { browser } = await town.signIn('alice');
    const confirm = await browser.go(`${town.authorizationServer.issuer}/logout`);
    const action = /action="([^"]*)"[\s\S]*id="sign-out-confirm"/.exec(confirm.text)?.[1] ?? '';
    await browser.submit(confirm, action, { logout: 'yes' });
    const session = async () => (await browser.request(`${town.url}/auth/session`)).json();
    await expect.poll(session).toEqual({ signed_in: false });
  },
);

test('each session has a key of its own, which no browser gets to see, and each call a proof of its own', async () => {
  await using town = await startRealTown({ DPOP: 'true' });
  const alice = await town.signIn('alice');
  const again = await town.signIn('alice');
  await add(alice.browser, town.url, 'Milk');
  await add(again.browser, town.url, 'Bread');
  const proofs = town.arrivals.flatMap(({ path, dpop }) => (path.startsWith('/api/todos') && dpop ? [dpop] : []));
  const keys = new Set(proofs.map((proof) => JSON.stringify(decodeProtectedHeader(proof).jwk)));
  expect(keys.size).toBe(2);
  expect(new Set(proofs.map((proof) => decodeJwt(proof).jti)).size).toBe(proofs.length);
  for (const key of keys) expect(JSON.parse(key)).not.toHaveProperty('d');
  for (const { browser } of [alice, again])
    for (const text of browser.seen) expect(text).not.toMatch(/"?cnf"?|"jkt"|eyJ[\w-]+\.eyJ/);
});

test('a nonce that the API asks for is put into a second proof, once, and known from then on (RFC 9449, section 9)', async () => {
  await using town = await startRealTown({ DPOP: 'true' });
  const { browser } = await town.signIn('alice');
  const nonces: unknown[] = [];
  let wanted: string | undefined = 'first';
  town.atApi = ({ headers }, response) => {
    const { nonce } = decodeJwt(String(headers.dpop));
    nonces.push(nonce);
    if (nonce === wanted) return false;
    const nextNonce = wanted ?? 'never-good';
    response.writeHead(401, { 'WWW-Authenticate': 'DPoP error="use_dpop_nonce"', 'DPoP-Nonce': nextNonce }).end();
    return true;
  };
  expect((await add(browser, town.url, 'Milk')).status).toBe(201);
  expect((await add(browser, town.url, 'Bread')).status).toBe(201);
  expect(nonces).toEqual([undefined, 'first', 'first']);

  wanted = undefined;
  expect((await add(browser, town.url, 'Salt')).status).toBe(401);
  expect(nonces.slice(3)).toEqual(['first', 'never-good']);
});

test('pushed requests leave nothing in the address bar but a reference and who asks', async () => {
  await using town = await startRealTown({ PUSHED_AUTHORIZATION_REQUESTS: 'true' });
  const { browser } = await town.signIn('alice');
  const response = await browser.request(`${town.url}/auth/sign-in`);
  const url = new URL(response.headers.get('Location') ?? '');
  expect([...url.searchParams.keys()].sort()).toEqual(['client_id', 'request_uri']);
});
