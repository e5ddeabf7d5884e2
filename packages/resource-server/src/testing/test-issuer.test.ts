import { decodeJwt, decodeProtectedHeader } from 'jose';
import { describe, expect, test, vi } from 'vitest';
import { createResourceServer, factsOf, isRefusal, type ResourceServerOptions, requirementOf } from '../index.ts';
import { badTokens, createDpopKey, createTestIssuer, startTestIssuer, type TestIssuer } from './index.ts';

const audience = 'https://notes.example/api';
const mine = { issuer: 'https://login.example', resource: audience, realm: 'notes', scopes: { read: 'R', write: 'W' } };
const needs = requirementOf([{ scopes: ['read'] }]);

/** An app's own resource server, with nothing changed but the issuer. */
function serverOf(
  { options }: Pick<TestIssuer, 'options'>,
  more: Partial<ResourceServerOptions<'read' | 'write'>> = {},
) {
  const server = createResourceServer({ ...mine, ...options, ...more });
  const ask = (headers: Record<string, string>, url = `${audience}/notes`) =>
    server.authorize(factsOf(new Request(url, { headers })), needs);
  return { server, ask };
}

describe.each([
  ['in process', createTestIssuer],
  ['over HTTP', startTestIssuer],
] as const)('an issuer %s', (_, start) => {
  const options = { audience, scopes: ['read'] };

  test('its tokens pass the checks of the API, which asks for metadata and keys once', async () => {
    await using issuer = await start(options);
    const { ask } = serverOf(issuer);
    expect(await ask(await issuer.bearer())).toMatchObject({ subject: 'alice', scopes: ['read'] });
    expect(await ask(await issuer.bearer('write read'))).toMatchObject({ scopes: ['write', 'read'] });
    expect(await ask(await issuer.bearer({ sub: 'bob', role: 'clerk' }))).toMatchObject({
      subject: 'bob',
      claims: { role: 'clerk' },
    });
    expect(issuer.requests).toEqual(['/.well-known/oauth-authorization-server', '/jwks']);
  });

  test('F16: the guard of the API stays as it is in tests, with the scopes that it asks for', async () => {
    await using issuer = await start(options);
    const { server, ask } = serverOf(issuer);
    expect(await ask(await issuer.bearer())).toMatchObject({ requiredScopes: ['read'], scopeString: 'read' });
    const refusal = await ask(await issuer.bearer('write'));
    expect(refusal).toMatchObject({ status: 403, error_description: 'Missing required scope: read' });
    expect(isRefusal(refusal) && server.answer(refusal, needs).headers['WWW-Authenticate']).toContain('scope="read"');
  });

  test('bad tokens are refused, each for what is wrong with it', async () => {
    await using issuer = await start(options);
    const causes: string[] = [];
    const { ask } = serverOf(issuer, { onDecision: ({ refusal }) => causes.push(String(refusal?.cause)) });
    for (const { name, headers } of await badTokens(issuer))
      expect(await ask(headers), name).toMatchObject({ status: 401, error: 'invalid_token' });
    const expected = [
      ...[/"exp"/, /"nbf"/, /"aud"/, /"iss"/],
      ...[/"exp"/, /"sub"/, /"aud"/, /"iss"/],
      ...[/"typ"/, /"alg"|JWT/, /"alg"/, /signature/, /signature/],
      ...[/presented as a bearer token/, /JW[ST]/],
    ];
    expect(causes).toEqual(expected.map((cause) => expect.stringMatching(cause)));
  });

  test('RFC 9449: a bound token comes with a proof for one request', async () => {
    await using issuer = await start(options);
    const { ask } = serverOf(issuer);
    const request = { method: 'GET', url: `${audience}/notes` };
    const headers = await issuer.dpop(request);
    expect(await ask(headers)).toMatchObject({ subject: 'alice' });
    expect(await ask(headers)).toMatchObject({ error: 'invalid_dpop_proof' });
    const key = await createDpopKey();
    const { authorization } = await issuer.dpop({ ...request, key }, 'write');
    expect(decodeJwt(authorization.slice('DPoP '.length))).toMatchObject({
      scope: 'write',
      cnf: { jkt: key.thumbprint },
    });
    expect(await ask(await issuer.dpop({ ...request, url: 'https://other.example/' }))).toMatchObject({ status: 401 });
  });

  test('RFC 7662: opaque tokens are asked about by who may ask, until they are revoked or over', async () => {
    let now = Date.now();
    await using issuer = await start({ ...options, now: () => now });
    const introspecting = (introspection: TestIssuer['introspection']) =>
      serverOf(issuer, { issuer: { issuer: issuer.issuer, introspection } });
    const { ask } = introspecting(issuer.introspection);
    const [one, two] = [issuer.opaqueToken(), issuer.opaqueToken({ scope: 'write' })];
    expect(await ask({ authorization: `Bearer ${one}` })).toMatchObject({ subject: 'alice', scopes: ['read'] });
    expect(await ask({ authorization: `Bearer ${two}` })).toMatchObject({ status: 403 });
    expect(await ask({ authorization: 'Bearer made-up' })).toMatchObject({ status: 401 });
    const stranger = introspecting({ ...issuer.introspection, clientSecret: 'guessed' });
    expect(await stranger.ask({ authorization: `Bearer ${one}` })).toMatchObject({ status: 503 });
    issuer.revoke(one);
    expect(await ask({ authorization: `Bearer ${one}` })).toMatchObject({ status: 401 });
    now += 300_000;
    expect(await ask({ authorization: `Bearer ${two}` })).toMatchObject({ status: 401 });
  });

  test('it can be away and come back, and change its keys', async () => {
    let now = Date.now();
    await using issuer = await start({ ...options, now: () => now });
    const { ask } = serverOf(issuer);
    await issuer.leave();
    expect(await ask(await issuer.bearer())).toMatchObject({ status: 503 });
    await issuer.return();
    now += 1_000;
    const before = await issuer.bearer();
    expect(await ask(before)).toMatchObject({ subject: 'alice' });
    await issuer.rotateKeys({ keepOld: true });
    now += 30_000;
    expect(await ask(await issuer.bearer())).toMatchObject({ subject: 'alice' });
    expect(await ask(before)).toMatchObject({ subject: 'alice' });
    await issuer.rotateKeys();
    now += 30_000;
    expect(await ask(await issuer.bearer())).toMatchObject({ subject: 'alice' });
    expect(await ask(before)).toMatchObject({ status: 401 });
  });

  test('how long its keys may be kept is its own word', async () => {
    let now = Date.now();
    await using issuer = await start({ ...options, now: () => now, cacheControl: 'max-age=60' });
    const { ask } = serverOf(issuer);
    const headers = await issuer.bearer();
    const loads = () => issuer.requests.filter((path) => path === '/jwks').length;
    await ask(headers);
    now += 59_000;
    await ask(headers);
    expect(loads()).toBe(1);
    now += 1_000;
    await ask(headers);
    await vi.waitUntil(() => loads() === 2);
  });

  test('it answers nothing else', async () => {
    await using issuer = await start(options);
    const { fetch = globalThis.fetch } = issuer.options;
    for (const [path, method] of [
      ['/token', 'POST'],
      ['/', 'GET'],
      ['/jwks', 'POST'],
      ['/introspect', 'GET'],
    ] as const)
      expect((await fetch(issuer.issuer + path, { method })).status, path).toBe(404);
  });
});

test('bad tokens are refused whatever the options of the API are', async () => {
  const issuer = await createTestIssuer({ audience, scopes: ['read'] });
  const { introspection } = issuer;
  const variants: Partial<ResourceServerOptions<'read' | 'write'>>[] = [
    { issuer: { issuer: issuer.issuer, profile: 'jwt' }, dpop: false },
    { issuer: { issuer: issuer.issuer, introspection }, tokenCache: {} },
    { issuer: [issuer.issuer, 'https://other.example'], dpop: { required: true }, clockToleranceSeconds: 300 },
  ];
  for (const variant of variants) {
    const { ask } = serverOf(issuer, variant);
    for (const { name, headers } of await badTokens(issuer))
      expect(await ask(headers), name).toMatchObject({ status: 401, error: 'invalid_token' });
  }
});

test('an issuer in process is asked by its own fetch, which goes nowhere else', async () => {
  const issuer = await createTestIssuer({ audience, issuer: 'https://login.example/realm' });
  await expect(issuer.fetch('https://elsewhere.example/')).rejects.toThrow(new TypeError('fetch failed'));
  expect(issuer.requests).toEqual([]);
  expect(await serverOf(issuer).ask(await issuer.bearer('read'))).toMatchObject({
    issuer: 'https://login.example/realm',
  });
  expect(issuer.requests).toEqual(['/.well-known/oauth-authorization-server/realm', '/realm/jwks']);
});

test('a token has what RFC 9068 asks for, and what a test puts over it', async () => {
  const issuer = await createTestIssuer({ audience, algorithm: 'EdDSA', now: () => 1_700_000_000_000 });
  const token = await issuer.accessToken({ acr: 'mfa', jti: undefined }, { kid: 'mine' });
  expect(decodeProtectedHeader(token)).toEqual({ alg: 'EdDSA', typ: 'at+jwt', kid: 'mine' });
  expect(decodeJwt(token)).toEqual({
    iss: 'https://issuer.test',
    aud: audience,
    sub: 'alice',
    client_id: 'test-client',
    iat: 1_700_000_000,
    exp: 1_700_000_300,
    acr: 'mfa',
  });
});
