import { expect, test } from 'vitest';
import { formOf, hiddenFields } from '../browser.ts';
import { headingOf } from './person.ts';
import { startTown } from './town.ts';

const registered = 'http://localhost:4567/Callback%2Fdone?tenant=1';

/** Whatever differs from what was registered, if by one character only. */
const others = [
  'http://localhost:4567/Callback%2Fdone?tenant=2',
  'http://localhost:4567/Callback%2Fdone?tenant=',
  'http://localhost:4567/Callback%2Fdone',
  'http://localhost:4567/Callback%2Fdone?tenant=1&more=1',
  'http://localhost:4567/Callback%2Fdone?tenant=1#',
  'http://localhost:4567/Callback%2Fdone/?tenant=1',
  'http://localhost:4567/Callback%2Fdon?tenant=1',
  'http://localhost:4567/callback%2Fdone?tenant=1',
  'http://localhost:4567/Callback%2fdone?tenant=1',
  'http://localhost:4567/Callback/done?tenant=1',
  'http://localhost:4567/x/../Callback%2Fdone?tenant=1',
  'http://localhost:4568/Callback%2Fdone?tenant=1',
  'http://localhost/Callback%2Fdone?tenant=1',
  'http://127.0.0.1:4567/Callback%2Fdone?tenant=1',
  'http://user@localhost:4567/Callback%2Fdone?tenant=1',
  'http://localhost:4567@evil.example/Callback%2Fdone?tenant=1',
  'http://localhost:4567.evil.example/Callback%2Fdone?tenant=1',
  'https://localhost:4567/Callback%2Fdone?tenant=1',
  'HTTP://localhost:4567/Callback%2Fdone?tenant=1',
  ' http://localhost:4567/Callback%2Fdone?tenant=1',
  'javascript:alert(1)',
  '//evil.example',
];

test('a redirect URI that differs in the least shows an error page and never redirects', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app({ redirect_uris: [registered] }), town.person('alice')];
  for (const redirect_uri of others) {
    for (const more of [{}, { prompt: 'none' }, { response_type: 'token' }, { code_challenge: undefined }]) {
      const page = await alice.open(planner.request({ redirect_uri, ...more }));
      expect(page.url.origin, redirect_uri).toBe(town.issuer);
      expect(page.status, redirect_uri).toBe(400);
      expect(page.headers.has('location'), redirect_uri).toBe(false);
    }
    const page = await alice.open(planner.request({ redirect_uri }));
    expect(page.text).toContain('invalid_redirect_uri');
    expect(headingOf(page)).toBe('This app asked to send you somewhere it may not');
  }
  expect(await alice.connect(planner)).toHaveProperty('access_token');
});

test('at the token endpoint the redirect URI must be the same to the last character', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app({ redirect_uris: [registered] }), town.person('alice')];
  for (const redirect_uri of others.slice(0, 8)) {
    const request = planner.request();
    const { code } = await alice.authorize(request);
    const { status, body } = await planner.exchange(code, request, { redirect_uri });
    expect(status, redirect_uri).toBe(400);
    expect(body.error).toMatch(/^invalid_(grant|request)$/);
  }
});

test('an unknown app gets nobody redirected, and the page says what to do', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  for (const client_id of ['unknown', '', undefined, `${planner.id}x`, '../admin', "' or 1=1 --"]) {
    const page = await alice.open(planner.request({ client_id }));
    expect(page.url.origin).toBe(town.issuer);
    expect(page.status).toBe(400);
    expect(page.text).toMatch(/invalid_(client|request)/);
    expect(page.text).toContain('Go back to the app');
  }
});

test('only the code flow is offered: other response types are sent back as errors', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  for (const response_type of ['token', 'id_token', 'code id_token', 'code token', 'id_token token', 'none', 'x']) {
    const request = planner.request({ response_type });
    const page = await alice.open(request);
    expect(page.url.href.startsWith(planner.redirectUri), response_type).toBe(true);
    const answer = new URLSearchParams(page.url.search || page.url.hash.slice(1));
    expect(answer.get('error'), response_type).toBe('unsupported_response_type');
    expect(answer.get('state')).toBe(request.state);
    expect(page.url.href).not.toMatch(/[?#&](access_token|id_token|code)=/);
  }
});

test('an app with one redirect URI may leave it out, one with several may not', async () => {
  await using town = await startTown();
  const alice = town.person('alice');
  const one = await town.app();
  const request = one.request({ redirect_uri: undefined });
  const { code, url } = await alice.authorize(request);
  expect(url.href.startsWith(one.redirectUri)).toBe(true);
  expect((await one.exchange(code, request, { redirect_uri: undefined })).status).toBe(200);

  const several = await town.app({ redirect_uris: [one.redirectUri, 'https://planner.example/other'] });
  const page = await alice.open(several.request({ redirect_uri: undefined }));
  expect(page.url.origin).toBe(town.issuer);
  expect(page.status).toBe(400);
});

test('an app that asks for the fragment gets code, state and issuer there, at the registered address only', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  await alice.connect(planner);
  const request = planner.request({ response_mode: 'fragment' });
  const { url } = await alice.open(request);
  expect(url.origin + url.pathname + url.search).toBe(planner.redirectUri);
  expect(Object.fromEntries(new URLSearchParams(url.hash.slice(1)))).toEqual({
    code: expect.any(String),
    state: request.state,
    iss: town.issuer,
  });
  const other = await alice.open(
    planner.request({ response_mode: 'fragment', redirect_uri: 'https://planner.example/callbac' }),
  );
  expect(other.status).toBe(400);
});

test('a state full of markup comes back to the letter, in the address and in a form', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const state = `"><script>alert(1)</script>&amp;'+%25 ✓`;
  await alice.connect(planner);
  expect((await alice.open(planner.request({ state }))).url.searchParams.get('state')).toBe(state);

  const page = await alice.open(planner.request({ state, response_mode: 'form_post' }));
  expect(page.text).not.toContain('<script>alert');
  const fields = hiddenFields(formOf(page, planner.redirectUri));
  expect(fields).toEqual({ code: expect.any(String), state, iss: town.issuer });
});

test('a scope that the app may not ask for never arrives, whether the client or nobody knows it', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app({ scope: 'openid read:todos' }), town.person('alice')];
  const tokens = await alice.connect(planner, { scope: 'openid read:todos write:todos delete:everything' });
  expect((await town.verify(tokens.access_token)).payload.scope).toBe('read:todos');
  expect(tokens.scope).toBe('read:todos');
  expect(await alice.authorize(planner.request({ scope: 'openid email' }))).toMatchObject({ error: 'invalid_scope' });
});

test('max_age and prompt=login ask for the password again, and the token says when it was given', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  await alice.connect(planner);
  for (const params of [{ max_age: '0' }, { prompt: 'login' }]) {
    const page = await alice.open(planner.request(params));
    expect(headingOf(page)).toBe('Sign in');
  }
});
