import { expect, test } from 'vitest';
import type { Page } from '../browser.ts';
import { type Params, wire } from './app.ts';
import { stopClock } from './clock.ts';
import { answerOf, headingOf, isSignIn } from './person.ts';
import { startTown, type Town } from './town.ts';

const afterwards = 'https://planner.example/goodbye?from=latchkey';
const registration = { post_logout_redirect_uris: [afterwards] };
const query = (params: Params) => `?${wire(params)}`;
const userinfo = async (town: Town, token: unknown) =>
  (await fetch(town.metadata.userinfo_endpoint, { headers: { authorization: `Bearer ${token}` } })).status;

test('the planner signs Alice out: she is asked, and is sent back to where the planner may send her', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(registration), town.person('alice')];
  const { id_token = '' } = await alice.connect(planner);
  const hint = query({ id_token_hint: id_token, post_logout_redirect_uri: afterwards, state: 'a b&c' });

  const page = await alice.browser.go(`${town.metadata.end_session_endpoint}${hint}`);
  expect(headingOf(page)).toBe('Sign out?');
  expect(page.text).toContain('Planner');
  expect(page.text).toContain('Alice Archer');
  expect(page.text).toContain('id="sign-out-confirm"');
  const back = await alice.signOut(hint);
  expect(back.url.href).toBe('https://planner.example/goodbye?from=latchkey&state=a+b%26c');
  expect(isSignIn(await alice.open(planner.request()))).toBe(true);
});

test('without a place to go back to she is told that she is signed out', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  await alice.connect(planner);
  const page = await alice.signOut();
  expect(headingOf(page)).toBe('You are signed out');
  expect(alice.browser.cookies().has('latchkey_session')).toBe(false);
  expect(headingOf(await alice.goOn(await alice.browser.go(`${town.issuer}/logout`)))).toBe('You are signed out');
});

test('client_id is enough to name the app; the ID token may have run out', async () => {
  using clock = stopClock();
  await using town = await startTown();
  const [planner, alice] = [await town.app(registration), town.person('alice')];
  const params = { post_logout_redirect_uri: afterwards };
  await alice.connect(planner);
  const first = await alice.signOut(query({ ...params, client_id: planner.id }));
  expect(first.url.href).toBe(afterwards);

  const { id_token = '' } = await alice.connect(planner);
  clock.advance(3 * 60 * 60);
  const second = await alice.signOut(query({ ...params, id_token_hint: id_token }));
  expect(second.url.href).toBe(afterwards);
});

test('no other place, not by a character: an error page, and she stays signed in', async () => {
  await using town = await startTown();
  const [planner, other, alice] = [await town.app(registration), await town.app(), town.person('alice')];
  const { id_token = '' } = await alice.connect(planner);
  for (const uri of [
    'https://planner.example/goodbye?from=latchke',
    'https://planner.example/goodbye',
    'https://planner.example/Goodbye?from=latchkey',
    'https://planner.example:444/goodbye?from=latchkey',
    'http://planner.example/goodbye?from=latchkey',
    'https://evil.example/',
    planner.redirectUri,
  ]) {
    for (const named of [{ id_token_hint: id_token }, { client_id: planner.id }, { client_id: other.id }]) {
      const address = `${town.issuer}/logout${query({ ...named, post_logout_redirect_uri: uri })}`;
      const page = await alice.browser.go(address);
      expect(page.status, uri).toBe(400);
      expect(page.url.origin, uri).toBe(town.issuer);
      expect(headingOf(page)).toBe('You could not be signed out this way');
    }
  }
  expect(answerOf(await alice.open(planner.request()))).toHaveProperty('code');
});

test('a place without an app that vouches for it is ignored', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(registration), town.person('alice')];
  await alice.connect(planner);
  const page = await alice.signOut(query({ post_logout_redirect_uri: afterwards }));
  expect(headingOf(page)).toBe('You are signed out');
  expect(page.url.origin).toBe(town.issuer);
});

test('a hint that is forged, another app’s or no token at all is refused', async () => {
  await using town = await startTown();
  const [planner, other, alice] = [await town.app(registration), await town.app(), town.person('alice')];
  const { id_token = '', access_token = '' } = await alice.connect(planner);
  const [header, payload] = id_token.split('.');
  for (const params of [
    { id_token_hint: `${header}.${payload}.${'A'.repeat(86)}` },
    { id_token_hint: `${header}.${payload}.` },
    { id_token_hint: 'x' },
    { id_token_hint: access_token },
    { id_token_hint: id_token, client_id: other.id },
    { client_id: 'unknown' },
  ]) {
    const page = await alice.browser.go(`${town.issuer}/logout${query(params)}`);
    expect(page.status, JSON.stringify(params)).toBe(400);
    expect(page.url.origin).toBe(town.issuer);
  }
  expect(answerOf(await alice.open(planner.request()))).toHaveProperty('code');
});

test('another site cannot sign her out: the form needs what only the page knows', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  await alice.connect(planner);
  for (const xsrf of [undefined, '', 'guess']) {
    const body = new URLSearchParams({ logout: 'yes', ...(xsrf !== undefined && { xsrf }) });
    const page = await alice.browser.go(`${town.issuer}/logout/confirm`, { method: 'POST', body });
    expect(page.status).toBe(400);
  }
  expect(answerOf(await alice.open(planner.request()))).toHaveProperty('code');
});

test('“Stay signed in” keeps the session, and yet sends her back to the app', async () => {
  await using town = await startTown();
  const [planner, other, alice] = [await town.app(registration), await town.app(), town.person('alice')];
  const { id_token = '' } = await alice.connect(planner);
  const others = await alice.connect(other);
  const hint = query({ id_token_hint: id_token, post_logout_redirect_uri: afterwards });
  const page: Page = await alice.browser.go(`${town.issuer}/logout${hint}`);
  const action = /<form method="post" action="([^"]*)"/.exec(page.text)?.[1] ?? '';
  expect((await alice.browser.submit(page, action)).url.href).toBe(afterwards);
  expect(answerOf(await alice.open(other.request()))).toHaveProperty('code');
  expect((await other.refresh(others.refresh_token)).status).toBe(200);
});

test('signing out ends the tokens of every app of that session, whichever app asked for it', async () => {
  await using town = await startTown();
  const alice = town.person('alice');
  const brief = await town.app({ grant_types: ['authorization_code'] });
  const [lasting, device] = [await town.app(), await town.app({ token_endpoint_auth_method: 'none' })];
  const { id_token = '' } = await alice.connect(brief);
  const [forApi, forUserinfo] = [await alice.connect(lasting), await alice.connect(device, { scope: 'openid email' })];
  await alice.signOut(query({ id_token_hint: id_token }));
  expect((await lasting.refresh(forApi.refresh_token)).status).toBe(400);
  expect((await device.refresh(forUserinfo.refresh_token)).status).toBe(400);
  expect(await userinfo(town, forUserinfo.access_token)).toBe(401);
});

test('a code that was not redeemed before the sign-out is worthless after it', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const request = planner.request();
  const { code } = await alice.authorize(request);
  await alice.signOut();
  expect(await planner.exchange(code, request)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
});

test('the cookie of a session that has ended does not bring it back', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  await alice.connect(planner);
  const { value = '' } = alice.browser.cookies().get('latchkey_session') ?? {};
  await alice.signOut();
  alice.browser.setCookie('latchkey_session', value);
  expect(isSignIn(await alice.open(planner.request()))).toBe(true);
  expect(await alice.authorize(planner.request({ prompt: 'none' }))).toMatchObject({ error: 'login_required' });
});
