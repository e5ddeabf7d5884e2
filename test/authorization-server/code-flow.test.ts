import { expect, test } from 'vitest';
import { startTown, todosApi } from './town.ts';

test('S5, S6, S10: Alice allows the planner to read her todos, and its token says so', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const before = Math.floor(Date.now() / 1000);
  const tokens = await alice.connect(planner, { scope: 'openid read:todos' });

  const { payload, protectedHeader } = await town.verify(tokens.access_token, { audience: todosApi, typ: 'at+jwt' });
  const account = await town.server.accounts.findByUsername('alice');
  expect(protectedHeader).toMatchObject({ alg: 'ES256', typ: 'at+jwt' });
  expect(payload).toMatchObject({
    iss: town.issuer,
    aud: todosApi,
    sub: account?.id,
    client_id: planner.id,
    scope: 'read:todos',
    acr: 'urn:latchkey:acr:password',
    amr: ['pwd'],
  });
  expect(payload.jti).toMatch(/^[\w-]{20,}$/);
  expect(payload.iat).toBeGreaterThanOrEqual(before);
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(300);
  expect(payload.auth_time).toBeGreaterThanOrEqual(before);
  expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 300, scope: 'read:todos' });
});

test('S7: the token answer is never stored, counts in seconds and leaves out what is not there', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app({ grant_types: ['authorization_code'] }), town.person('alice')];
  const request = planner.request({ scope: 'read:todos' });
  const { code } = await alice.authorize(request);
  const { status, headers, body } = await planner.exchange(code, request);
  expect(status).toBe(200);
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('content-type')).toMatch(/^application\/json/);
  expect(Object.keys(body).sort()).toEqual(['access_token', 'expires_in', 'scope', 'token_type']);
});

test('S8: a pure sign-in yields name and email, in the ID token’s stead at /userinfo, with an opaque token', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const tokens = await alice.connect(planner, { scope: 'openid profile email' });
  expect(tokens.access_token?.split('.')).toHaveLength(1);

  const answer = await fetch(town.metadata.userinfo_endpoint, {
    headers: { authorization: `Bearer ${tokens.access_token}` },
  });
  expect(answer.status).toBe(200);
  const account = await town.server.accounts.findByUsername('alice');
  expect(await answer.json()).toEqual({
    sub: account?.id,
    name: 'Alice Archer',
    preferred_username: 'alice',
    email: 'alice@example.com',
  });
});

test('a token for the API is of no use at /userinfo, and the ID token then carries name and email itself', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const tokens = await alice.connect(planner, { scope: 'openid profile email read:todos' });
  const { status, headers } = await fetch(town.metadata.userinfo_endpoint, {
    headers: { authorization: `Bearer ${tokens.access_token}` },
  });
  expect(status).toBe(401);
  expect(headers.get('www-authenticate')).toContain('invalid_token');
  const { payload } = await town.verify(tokens.id_token, { audience: planner.id });
  expect(payload).toMatchObject({ name: 'Alice Archer', email: 'alice@example.com' });
});

test('the resource without API scopes gives an API token without scopes', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const tokens = await alice.connect(planner, { scope: 'openid', resource: todosApi });
  const { payload } = await town.verify(tokens.access_token, { audience: todosApi, typ: 'at+jwt' });
  expect(payload.scope ?? '').toBe('');
  expect(tokens.scope ?? '').toBe('');
});

test('API scopes with the resource named give the same token as without it', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const tokens = await alice.connect(planner, { scope: 'openid read:todos write:todos', resource: todosApi });
  const { payload } = await town.verify(tokens.access_token, { audience: todosApi });
  expect(payload.scope).toBe('read:todos write:todos');
});

test('another resource is refused: invalid_target', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const answer = await alice.authorize(planner.request({ resource: 'https://elsewhere.example/api' }));
  expect(answer).toMatchObject({ error: 'invalid_target', iss: town.issuer });
});

test('the ID token is signed with ES256 and carries the nonce and, with max_age, the time of the sign-in; for an app registered so, with RS256', async () => {
  await using town = await startTown();
  const alice = town.person('alice');
  for (const alg of ['ES256', 'RS256']) {
    const app = await town.app({ id_token_signed_response_alg: alg });
    const request = app.request({ scope: 'openid profile', max_age: '600' });
    const { code } = await alice.authorize(request);
    const { body } = await app.exchange(code, request);
    const { payload, protectedHeader } = await town.verify(body.id_token, { audience: app.id });
    expect(protectedHeader.alg).toBe(alg);
    expect(payload.nonce).toBe(request.nonce);
    expect(payload.auth_time).toBeTypeOf('number');
  }
});

test('an app with an RS256 ID token still gets an ES256 access token', async () => {
  await using town = await startTown();
  const [app, alice] = [await town.app({ id_token_signed_response_alg: 'RS256' }), town.person('alice')];
  const tokens = await alice.connect(app);
  expect((await town.verify(tokens.access_token)).protectedHeader.alg).toBe('ES256');
});

test('S38: request, sign-in and consent, code with state, back-channel exchange; the answer names its issuer (RFC 9207)', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const request = planner.request();
  const answer = await alice.authorize(request);
  expect(answer.url.origin + answer.url.pathname).toBe(planner.redirectUri);
  expect(Object.keys(answer).sort()).toEqual(['code', 'iss', 'state', 'url']);
  expect(answer).toMatchObject({ iss: town.issuer, state: request.state });
  expect(town.metadata.authorization_response_iss_parameter_supported).toBe(true);
  expect((await planner.exchange(answer.code, request)).status).toBe(200);
});

test('without state the flow works, and no state comes back', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const request = planner.request({ state: undefined });
  const answer = await alice.authorize(request);
  expect(answer.url.searchParams.has('state')).toBe(false);
  expect((await planner.exchange(answer.code, request)).status).toBe(200);
});

test('S10: an operator gives an app access tokens of another life', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app({ access_token_ttl: 60 }), town.person('alice')];
  const tokens = await alice.connect(planner);
  const { payload } = await town.verify(tokens.access_token);
  expect(tokens.expires_in).toBe(60);
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(60);
});

test('S29: a refresh token comes with the access token for an app registered for it, and only for such', async () => {
  await using town = await startTown();
  const alice = town.person('alice');
  const [lasting, brief] = [await town.app(), await town.app({ grant_types: ['authorization_code'] })];
  expect((await alice.connect(lasting)).refresh_token).toMatch(/^[\w-]{43}$/);
  expect(await alice.connect(brief)).not.toHaveProperty('refresh_token');
});

test('discovery names every endpoint and scope, at both addresses, and may be kept for a while', async () => {
  await using town = await startTown();
  for (const name of ['openid-configuration', 'oauth-authorization-server']) {
    const answer = await fetch(`${town.issuer}/.well-known/${name}`);
    expect(answer.headers.get('cache-control')).toContain('max-age=');
    expect(await answer.json()).toMatchObject({
      issuer: town.issuer,
      authorization_endpoint: `${town.issuer}/authorize`,
      token_endpoint: `${town.issuer}/token`,
      userinfo_endpoint: `${town.issuer}/userinfo`,
      jwks_uri: `${town.issuer}/jwks`,
      introspection_endpoint: `${town.issuer}/introspect`,
      revocation_endpoint: `${town.issuer}/revoke`,
      pushed_authorization_request_endpoint: `${town.issuer}/par`,
      registration_endpoint: `${town.issuer}/register`,
      end_session_endpoint: `${town.issuer}/logout`,
      scopes_supported: ['openid', 'profile', 'email', 'offline_access', 'read:todos', 'write:todos', 'admin'],
      response_types_supported: ['code'],
      code_challenge_methods_supported: ['S256'],
    });
  }
});

test('the published keys are public halves only', async () => {
  await using town = await startTown();
  const { keys } = (await (await fetch(town.metadata.jwks_uri)).json()) as { keys: Record<string, unknown>[] };
  expect(keys.map(({ alg }) => alg).sort()).toEqual(['ES256', 'RS256']);
  for (const key of keys) {
    for (const member of ['d', 'p', 'q', 'dp', 'dq', 'qi']) expect(key).not.toHaveProperty(member);
  }
});
