import { randomUUID } from 'node:crypto';
import { generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Browser } from '../browser.ts';
import { type SmallTown, startSmallTown } from './small-town.ts';

let town: SmallTown;
beforeEach(async () => {
  town = await startSmallTown();
});
afterEach(async () => {
  await town[Symbol.asyncDispose]();
});

const session = async (browser: Browser) => (await browser.request(`${town.url}/auth/session`)).json();
const event = 'http://schemas.openid.net/event/backchannel-logout';

function claims(changed: JWTPayload = {}): JWTPayload {
  const now = Math.floor(Date.now() / 1000);
  return {
    iss: town.authorizationServer.issuer,
    aud: 'demo-client',
    sub: 'alice',
    iat: now,
    exp: now + 120,
    jti: randomUUID(),
    events: { [event]: {} },
    ...changed,
  };
}

const sendLogout = (token: string) =>
  fetch(`${town.url}/auth/backchannel-logout`, { method: 'POST', body: new URLSearchParams({ logout_token: token }) });

test('signing out ends the session here and there, revokes the refresh token, and ends on "You are signed out"', async () => {
  const { browser, page } = await town.signIn();
  const before = browser.cookies().get('latchkey_demo')?.value ?? '';
  const confirm = await browser.submit(page, '/auth/sign-out');
  expect(confirm.url.origin).toBe(town.authorizationServer.issuer);
  expect(confirm.url.searchParams.get('post_logout_redirect_uri')).toBe(`${town.url}/auth/signed-out`);
  expect(confirm.url.searchParams.get('client_id')).toBe('demo-client');
  expect(confirm.url.searchParams.has('id_token_hint')).toBe(false);
  expect(confirm.url.searchParams.get('state')).toBeTruthy();
  expect(town.authorizationServer.revoked).toHaveLength(1);
  expect(browser.cookies().has('latchkey_demo')).toBe(false);

  browser.setCookie('latchkey_demo', before);
  expect(await session(browser)).toEqual({ signed_in: false });
  const xsrf = /name="xsrf" value="([^"]*)"/.exec(confirm.text)?.[1] ?? '';
  const last = await browser.go(`${town.authorizationServer.issuer}/session/end/confirm`, {
    method: 'POST',
    body: new URLSearchParams({ xsrf, logout: 'yes' }),
  });
  expect(last.url.pathname).toBe('/auth/signed-out');
  expect(last.text).toContain('You are signed out');
});

test('without a refresh token the access token is what signing out revokes', async () => {
  await using small = await startSmallTown({ refreshTokens: false });
  const { browser, page } = await small.signIn();
  await browser.submit(page, '/auth/sign-out');
  const { issued, revoked } = small.authorizationServer;
  expect(revoked).toEqual([issued[0]]);
});

test('while the authorization server is away, signing out works here and says that it may not have there', async () => {
  const { browser, page } = await town.signIn();
  town.authorizationServer.outage = 'down';
  const last = await browser.submit(page, '/auth/sign-out');
  expect(last.url.href).toBe(`${town.url}/auth/signed-out?where=here`);
  expect(last.text).toContain('You are signed out');
  expect(last.text).toContain('you may still be signed in there');
  expect(await session(browser)).toEqual({ signed_in: false });
});

test('signing out at the authorization server ends the session here (back-channel logout)', async () => {
  const { browser } = await town.signIn();
  const confirm = await browser.go(`${town.authorizationServer.issuer}/session/end`);
  const xsrf = /name="xsrf" value="([^"]*)"/.exec(confirm.text)?.[1] ?? '';
  expect(await session(browser)).toMatchObject({ signed_in: true });
  await browser.go(`${town.authorizationServer.issuer}/session/end/confirm`, {
    method: 'POST',
    body: new URLSearchParams({ xsrf, logout: 'yes' }),
  });
  expect(await session(browser)).toEqual({ signed_in: false });
});

test('back-channel logout by sub ends every session of that person, and nobody else', async () => {
  const { browser: laptop } = await town.signIn();
  const { browser: phone } = await town.signIn();
  town.authorizationServer.person.username = 'bob';
  const { browser: other } = await town.signIn();

  const response = await sendLogout(await town.authorizationServer.sign(claims(), 'logout+jwt'));
  expect(response.status).toBe(200);
  expect(response.headers.get('Cache-Control')).toBe('no-store');
  expect(await session(laptop)).toEqual({ signed_in: false });
  expect(await session(phone)).toEqual({ signed_in: false });
  expect(await session(other)).toMatchObject({ signed_in: true });
});

test.each<[string, () => JWTPayload, string]>([
  ['another type', () => claims(), 'JWT'],
  ['another issuer', () => claims({ iss: 'https://evil.example' }), 'logout+jwt'],
  ['another audience', () => claims({ aud: 'todos-docs' }), 'logout+jwt'],
  ['no logout event', () => claims({ events: { 'http://other.example': {} } }), 'logout+jwt'],
  ['an event that is no object', () => claims({ events: { [event]: true } }), 'logout+jwt'],
  ['a nonce', () => claims({ nonce: 'as an ID token has' }), 'logout+jwt'],
  ['neither sub nor sid', () => claims({ sub: undefined }), 'logout+jwt'],
  ['no jti', () => claims({ jti: undefined }), 'logout+jwt'],
  ['no expiry', () => claims({ exp: undefined }), 'logout+jwt'],
  ['expired', () => claims({ exp: Math.floor(Date.now() / 1000) - 60 }), 'logout+jwt'],
  ['issued long ago', () => claims({ iat: Math.floor(Date.now() / 1000) - 3_600 }), 'logout+jwt'],
])('a logout token with %s is refused', async (_what, payload, typ) => {
  const { browser } = await town.signIn();
  const response = await sendLogout(await town.authorizationServer.sign(payload(), typ));
  expect(response.status).toBe(400);
  expect(response.headers.get('Cache-Control')).toBe('no-store');
  expect(await session(browser)).toMatchObject({ signed_in: true });
});

test('a logout token that somebody else signed, or nobody, is refused', async () => {
  const { browser } = await town.signIn();
  const { privateKey } = await generateKeyPair('ES256');
  const header = { alg: 'ES256', kid: 'one', typ: 'logout+jwt' };
  const forged = await new SignJWT(claims()).setProtectedHeader(header).sign(privateKey);
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const unsigned = `${encode({ alg: 'none', typ: 'logout+jwt' })}.${encode(claims())}.`;
  const symmetric = await new SignJWT(claims())
    .setProtectedHeader({ alg: 'HS256', typ: 'logout+jwt' })
    .sign(Buffer.from(town.clientSecret));
  for (const token of [forged, unsigned, symmetric, 'nonsense', '']) expect((await sendLogout(token)).status).toBe(400);
  expect(await session(browser)).toMatchObject({ signed_in: true });
});

test('a logout token counts once, also when it comes twice at the same time', async () => {
  const token = await town.authorizationServer.sign(claims(), 'logout+jwt');
  const answers = await Promise.all([sendLogout(token), sendLogout(token), sendLogout(token)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400]);
});

test('while the keys cannot be fetched a logout token is neither obeyed nor refused', async () => {
  town.authorizationServer.outage = 'down';
  expect((await sendLogout(await town.authorizationServer.sign(claims(), 'logout+jwt'))).status).toBe(503);
});
