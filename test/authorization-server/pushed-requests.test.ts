import { expect, test } from 'vitest';
import type { App, AuthorizationRequest } from './app.ts';
import { stopClock } from './clock.ts';
import { answerOf, isConsent, isSignIn } from './person.ts';
import { startTown, type Town } from './town.ts';

const push = (town: Town, app: App, { url }: AuthorizationRequest) =>
  app.post(town.metadata.pushed_authorization_request_endpoint, Object.fromEntries(url.searchParams));

const by = (town: Town, app: App, requestUri: unknown) =>
  `${town.metadata.authorization_endpoint}?${new URLSearchParams({ client_id: app.id, request_uri: String(requestUri) })}`;

test('RFC 9126: the planner pushes its request, and Alice’s browser carries nothing but a reference', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const request = planner.request({ scope: 'openid read:todos' });
  const { status, body } = await push(town, planner, request);
  expect(status).toBe(201);
  expect(body.request_uri).toMatch(/^urn:ietf:params:oauth:request_uri:/);
  expect(body.expires_in).toBeGreaterThan(0);

  const consent = await alice.signIn(await alice.open(by(town, planner, body.request_uri)));
  const { code, state, iss } = answerOf(await alice.allow(consent));
  expect({ state, iss }).toEqual({ state: request.state, iss: town.issuer });
  expect((await planner.exchange(code, request)).body.scope).toBe('read:todos');
});

test('a pushed request is good once', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  await alice.connect(planner);
  const { body } = await push(town, planner, planner.request());
  const address = by(town, planner, body.request_uri);
  expect(answerOf(await alice.open(address))).toHaveProperty('code');
  const second = await alice.open(address);
  expect(second.url.searchParams.has('code')).toBe(false);
  expect(second.text + second.url.search).toContain('invalid_request_uri');
});

test('a pushed request opened twice at once gives at most one code', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  await alice.connect(planner);
  for (let round = 0; round < 4; round++) {
    const { body } = await push(town, planner, planner.request());
    const pages = await Promise.all([1, 2, 3].map(() => alice.open(by(town, planner, body.request_uri))));
    expect(pages.filter(({ url }) => url.searchParams.has('code'))).toHaveLength(1);
  }
});

test('reloading the sign-in page of a pushed request, and “Not you?”, still lead somewhere', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const { body } = await push(town, planner, planner.request());
  const signIn = await alice.open(by(town, planner, body.request_uri));
  expect(isSignIn(await alice.browser.go(signIn.url))).toBe(true);
  const consent = await alice.signIn(signIn);
  expect(isConsent(consent)).toBe(true);
  expect(isSignIn(await alice.press(consent, 'switch'))).toBe(true);
});

test('a pushed request runs out', async () => {
  using clock = stopClock();
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const { body } = await push(town, planner, planner.request());
  clock.advance(Number(body.expires_in) + 60);
  const page = await alice.open(by(town, planner, body.request_uri));
  expect(answerOf(page)).toMatchObject({ error: 'invalid_request_uri', iss: town.issuer });
  expect(page.url.href.startsWith(planner.redirectUri)).toBe(true);
});

test('another app cannot use the reference, nor is a made-up one of use', async () => {
  await using town = await startTown();
  const [planner, other, alice] = [await town.app(), await town.app(), town.person('alice')];
  const { body } = await push(town, planner, planner.request());
  for (const address of [
    by(town, other, body.request_uri),
    by(town, planner, 'urn:ietf:params:oauth:request_uri:made-up'),
    by(town, planner, 'https://evil.example/request'),
  ]) {
    const page = await alice.open(address);
    expect(page.url.searchParams.has('code')).toBe(false);
    expect(page.text + page.url.search).toMatch(/invalid_request|request_uri_not_supported/);
  }
});

test('what the browser adds to a pushed request counts for nothing', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  await alice.connect(planner, { scope: 'openid read:todos write:todos' });
  const request = planner.request({ scope: 'openid read:todos' });
  const { body } = await push(town, planner, request);
  const more = '&scope=openid+read:todos+write:todos&redirect_uri=https://evil.example/&state=other';
  const page = await alice.open(by(town, planner, body.request_uri) + more);
  const { code, state, url } = answerOf(page);
  expect(url.href.startsWith(planner.redirectUri)).toBe(true);
  expect(state).toBe(request.state);
  expect((await planner.exchange(code, request)).body.scope).toBe('read:todos');
});

test('a push needs the app’s credentials and a request that would be good', async () => {
  await using town = await startTown();
  const planner = await town.app();
  const endpoint = town.metadata.pushed_authorization_request_endpoint;
  const params = Object.fromEntries(planner.request().url.searchParams);
  expect(await planner.post(endpoint, { ...params, client_secret: 'wrong' })).toMatchObject({
    status: 401,
    body: { error: 'invalid_client' },
  });
  for (const [wrong, error] of [
    [{ redirect_uri: 'https://evil.example/' }, 'invalid_request'],
    [{ response_type: 'token' }, 'unsupported_response_type'],
    [{ code_challenge: undefined }, 'invalid_request'],
    [{ request_uri: 'urn:x' }, 'request_uri_not_supported'],
    [{ resource: 'https://elsewhere.example/' }, 'invalid_target'],
  ] as const) {
    expect(await planner.post(endpoint, { ...params, ...wrong })).toMatchObject({ status: 400, body: { error } });
  }
});
