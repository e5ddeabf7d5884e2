import { expect, expectTypeOf, test } from 'vitest';
import { createResourceServer, isRefusal, requirementOf, scopesFor } from './index.ts';
import type { ResourceServerOptions } from './resource-server-options.ts';
import { startTestIssuer } from './testing/index.ts';

const resource = 'https://api.example/todos';
const options: ResourceServerOptions<'read'> = {
  issuer: 'https://issuer.example',
  resource,
  realm: 'api',
  scopes: { read: 'Read' },
};

test.each([
  ['issuer', { issuer: 'issuer.example' }],
  ['issuer', { issuer: 'https://issuer.example/?a=1' }],
  ['resource', { resource: '/api' }],
  ['realm', { realm: 'a"b' }],
  ['(empty)', { realm: '' }],
  ['issuer must be https', { issuer: 'http://issuer.example' }],
  ['issuer must be https', { issuer: 'http://localhost.issuer.example' }],
  ['issuer must be https', { issuer: ['https://a.example', 'http://10.0.0.1'] }],
  ['resource must be https', { resource: 'http://api.example/todos' }],
  ['publicUrl must be https', { publicUrl: 'http://api.example' }],
  ['jwksUri must be https', { issuer: { issuer: 'http://localhost:3000', jwksUri: 'http://a.example/keys' } }],
  ['algorithms', { algorithms: ['HS256'] }],
  ['algorithms', { algorithms: ['none'] }],
  ['clockToleranceSeconds', { clockToleranceSeconds: -1 }],
  ['publicUrl', { publicUrl: 'api.example' }],
  ['tokenCache', { tokenCache: { maxEntries: 0 } }],
  ['issuer', { issuer: [] }],
  ['issuer', { issuer: ['https://a.example', { issuer: 'https://a.example' }] }],
  ['audiences', { issuer: { issuer: 'https://a.example', audiences: [] } }],
  ['keys', { issuer: { issuer: 'https://a.example', jwksUri: 'http://a.example/keys' } }],
  ['clientSecret', { issuer: { issuer: 'https://a.example', introspection: { clientId: 'a', clientSecret: '' } } }],
  [
    'introspection',
    {
      issuer: ['https://a.example', 'https://b.example'].map((issuer) => ({
        issuer,
        introspection: { clientId: 'a', clientSecret: 'b' },
      })),
    },
  ],
])('a %s that is not safe is refused at the start', (name, wrong) => {
  expect(() => createResourceServer({ ...options, ...wrong } as typeof options)).toThrow(name);
});

test.each(['localhost:3000', '127.0.0.1:3000', '[::1]:3000', 'login.localhost'])(
  'S41: plain http is taken on loopback: %s',
  (host) => {
    const plain = { issuer: `http://${host}`, resource: `http://${host}/api`, publicUrl: `http://${host}` };
    expect(createResourceServer({ ...options, ...plain }).issuers).toEqual([plain.issuer]);
  },
);

test('S41: plain http elsewhere is taken by name only', () => {
  const plain = { issuer: 'http://issuer.internal', resource: 'http://api.internal/todos' };
  expect(() => createResourceServer({ ...options, ...plain })).toThrow(
    'issuer must be https, or allowInsecureHttp set: http://issuer.internal\n' +
      'resource must be https, or allowInsecureHttp set: http://api.internal/todos',
  );
  expect(createResourceServer({ ...options, ...plain, allowInsecureHttp: true }).resource).toBe(plain.resource);
});

test.each(['read todos', 'a"b', 'a\\b', ''])('S2: the scope %j is refused at the start', (scope) => {
  expect(() => createResourceServer({ ...options, scopes: { [scope]: 'x' } })).toThrow(JSON.stringify(scope));
});

test('S2: any scope without spaces is allowed', () => {
  const scopes = { 'users:read': '', instagram_basic: '', 'https://www.googleapis.com/auth/drive': '' };
  expect(createResourceServer({ ...options, scopes }).metadata.document.scopes_supported).toEqual(Object.keys(scopes));
});

test.each([
  ['https://api.example', 'https://api.example/.well-known/oauth-protected-resource'],
  ['https://api.example/', 'https://api.example/.well-known/oauth-protected-resource'],
  ['https://api.example/a/b', 'https://api.example/.well-known/oauth-protected-resource/a/b'],
])('RFC 9728, section 3.1: the metadata of %s', (identifier, url) => {
  expect(createResourceServer({ ...options, resource: identifier }).metadata.url).toBe(url);
});

test.each(['ES256', 'RS256', 'PS256', 'EdDSA'])('a token signed with %s is verified', async (algorithm) => {
  await using issuer = await startTestIssuer({ audience: resource, algorithm });
  const server = createResourceServer({ ...options, issuer: issuer.issuer });
  const token = await issuer.accessToken({ scope: 'read', role: 'clerk' });
  const principal = await server.authorize({ rawHeaders: ['authorization', `Bearer ${token}`] }, requirementOf([]));
  // S4, S16: the raw token, the scopes and any other claim can be had.
  expect(principal).toMatchObject({ subject: 'alice', scopes: ['read'], token, claims: { role: 'clerk' } });
});

test('algorithms may be narrowed', async () => {
  await using issuer = await startTestIssuer({ audience: resource });
  const server = createResourceServer({ ...options, issuer: issuer.issuer, algorithms: ['RS256'] });
  const rawHeaders = ['authorization', `Bearer ${await issuer.accessToken()}`];
  expect(await server.authorize({ rawHeaders }, requirementOf([]))).toMatchObject({ error: 'invalid_token' });
});

test('F13: a token is verified once per request, its scopes at each guard', async () => {
  await using issuer = await startTestIssuer({ audience: resource });
  let accepted = 0;
  const server = createResourceServer({
    ...options,
    issuer: issuer.issuer,
    accept: () => {
      accepted += 1;
      return true;
    },
  });
  const request = { rawHeaders: ['authorization', `Bearer ${await issuer.accessToken({ scope: 'read' })}`] };
  expect(isRefusal(await server.authorize(request, requirementOf([{ scopes: ['read'] }])))).toBe(false);
  expect(isRefusal(await server.authorize(request, requirementOf([{ scopes: ['write'] }])))).toBe(true);
  expect(accepted).toBe(1);
});

test('the log learns why a token was refused, the caller does not', async () => {
  await using issuer = await startTestIssuer({ audience: resource });
  const causes: unknown[] = [];
  const server = createResourceServer({
    ...options,
    issuer: issuer.issuer,
    onDecision: ({ refusal }) => causes.push(refusal?.cause),
  });
  const rawHeaders = ['authorization', `Bearer ${await issuer.accessToken({ aud: 'https://other.example' })}`];
  const refusal = await server.authorize({ rawHeaders }, requirementOf([]));
  expect(causes).toMatchObject([{ claim: 'aud' }]);
  expect(isRefusal(refusal) && server.answer(refusal, requirementOf([])).body).toBe(
    '{"error":"invalid_token","error_description":"Invalid token"}',
  );
});

test('S16, S24: the caller’s own record is found once per request, and who has none is refused', async () => {
  await using issuer = await startTestIssuer({ audience: resource });
  const looked: string[] = [];
  const server = createResourceServer({
    ...options,
    issuer: issuer.issuer,
    loadUser: async ({ subject }) => {
      looked.push(subject);
      return subject === 'alice' ? { name: 'Alice' } : undefined;
    },
  });
  const request = async (sub: string) => ({
    rawHeaders: ['authorization', `Bearer ${await issuer.accessToken({ sub })}`],
  });
  const alice = await request('alice');
  const auth = await server.authorize(alice, requirementOf([]));
  if (!auth || isRefusal(auth)) throw new Error('refused');
  expectTypeOf(auth.user).toEqualTypeOf<{ name: string }>();
  expect(auth.user).toEqual({ name: 'Alice' });
  await server.authorize(alice, requirementOf([]));
  expect(looked).toEqual(['alice']);
  expect(await server.authorize(await request('mallory'), requirementOf([]))).toMatchObject({
    status: 401,
    error_description: 'Invalid token',
  });
});

test('S19, S20: who may pass knows what was asked for', async () => {
  await using issuer = await startTestIssuer({ audience: resource });
  const server = createResourceServer({ ...options, issuer: issuer.issuer });
  const request = { rawHeaders: ['authorization', `Bearer ${await issuer.accessToken({ scope: 'read other' })}`] };
  const needs = requirementOf([{ scopes: ['read'] }, { scopes: ['read', 'other'] }]);
  expect(await server.authorize(request, needs)).toMatchObject({
    requiredScopes: ['read', 'other'],
    scopeString: 'read other',
    scopes: ['read', 'other'],
  });
});

test('a limiter counts verified callers once per request, and its refusal is 429 without a challenge', async () => {
  await using issuer = await startTestIssuer({ audience: resource });
  let left = 1;
  const server = createResourceServer({
    ...options,
    issuer: issuer.issuer,
    limiter: { take: () => (left-- > 0 ? undefined : { retryAfterSeconds: 7 }) },
  });
  const ask = (token: string) => {
    const request = { rawHeaders: ['authorization', `Bearer ${token}`] };
    return Promise.all([server.authorize(request, requirementOf([])), server.authorize(request, requirementOf([]))]);
  };
  expect(await ask('garbage')).toMatchObject([{ status: 401 }, { status: 401 }]);
  expect(await ask(await issuer.accessToken())).toMatchObject([{ subject: 'alice' }, { subject: 'alice' }]);
  const [refusal] = await ask(await issuer.accessToken());
  if (!isRefusal(refusal)) throw new Error('not refused');
  const answer = server.answer(refusal, requirementOf([]));
  expect(answer).toMatchObject({ status: 429, headers: { 'Retry-After': '7' } });
  expect(answer.headers).not.toHaveProperty('WWW-Authenticate');
});

test('every decision is told, with what it was', async () => {
  await using issuer = await startTestIssuer({ audience: resource });
  const outcomes: string[] = [];
  const server = createResourceServer({
    ...options,
    issuer: issuer.issuer,
    onDecision: ({ outcome }) => outcomes.push(outcome),
  });
  const old = Math.floor(Date.now() / 1000) - 600;
  const tokens = [
    await issuer.accessToken({ scope: 'read' }),
    await issuer.accessToken(),
    await issuer.accessToken({ exp: old }),
    'garbage',
  ];
  const needs = requirementOf([{ scopes: ['read'] }]);
  for (const token of tokens) await server.authorize({ rawHeaders: ['authorization', `Bearer ${token}`] }, needs);
  await server.authorize({ rawHeaders: [] }, needs);
  await server.authorize({ rawHeaders: [] }, requirementOf([], 'optional'));
  await server.authorize({ rawHeaders: [], url: '/?access_token=x' }, needs);
  await server.authorize({ rawHeaders: ['authorization', 'Bearer garbage'] }, requirementOf([], 'none'));
  expect(outcomes).toEqual([
    'allowed',
    'insufficient_scope',
    'token_expired',
    'invalid_token',
    'not_authenticated',
    'anonymous',
    'invalid_request',
  ]);
});

test('a rule that fails on what somebody has sent lets nobody in, and ends nothing', async () => {
  await using issuer = await startTestIssuer({ audience: resource });
  const server = createResourceServer({ ...options, issuer: issuer.issuer });
  const rule = scopesFor(['read'], ({ path }) => (decodeURIComponent(path) === '/' ? [] : ['read']));
  const needs = requirementOf([{ scopes: [rule] }]);
  expect(await server.authorize({ url: '/%', rawHeaders: [] }, needs)).toMatchObject({ status: 401 });
  const rawHeaders = ['authorization', `Bearer ${await issuer.accessToken({ scope: 'read' })}`];
  expect(await server.authorize({ url: '/%', rawHeaders }, needs)).toMatchObject({
    status: 403,
    error_description: 'Not enough permissions',
    cause: expect.any(URIError),
  });
  expect(await server.authorize({ url: '/', rawHeaders }, needs)).toMatchObject({ subject: 'alice' });
});
