import { expect, test } from 'vitest';
import { createResourceServer, isRefusal, requirementOf } from './index.ts';
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
  ['algorithms', { algorithms: ['HS256'] }],
  ['algorithms', { algorithms: ['none'] }],
  ['clockToleranceSeconds', { clockToleranceSeconds: -1 }],
])('a %s that is not safe is refused at the start', (name, wrong) => {
  expect(() => createResourceServer({ ...options, ...wrong } as typeof options)).toThrow(name);
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
