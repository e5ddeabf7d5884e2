import { afterAll, beforeAll, expect, test } from 'vitest';
import { rawRequest } from './raw-request.ts';
import { startTodosApiTown, type TodosApiTown } from './todos-api-town.ts';

let town: TodosApiTown;
beforeAll(async () => {
  town = await startTodosApiTown();
});
afterAll(() => town[Symbol.asyncDispose]());

test('RFC 9728: the metadata names the resource, its authorization server and scopes', async () => {
  const response = await town.call('/.well-known/oauth-protected-resource/api');
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({
    resource: `${town.url}/api`,
    authorization_servers: [town.issuer.issuer],
    scopes_supported: ['read:todos', 'write:todos', 'admin'],
    bearer_methods_supported: ['header'],
    dpop_signing_alg_values_supported: expect.arrayContaining(['ES256', 'RS256']),
    resource_name: 'Todos API',
  });
});

test('HEAD is GET without a body, refused like GET', async () => {
  const head = await town.call('/api/todos', { method: 'HEAD', token: await town.token('read:todos') });
  expect(head.status).toBe(200);
  expect(await head.text()).toBe('');
  const refused = await town.call('/api/todos', { method: 'HEAD' });
  expect(refused.status).toBe(401);
  expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer realm="todos"/);
});

test('OPTIONS is answered without a look at credentials', async () => {
  for (const token of [undefined, 'garbage']) {
    const response = await town.call('/api/todos', { method: 'OPTIONS', token });
    expect(response.status).toBe(200);
    expect(response.headers.get('allow')).toBe('HEAD, GET, POST');
    expect(response.headers.get('www-authenticate')).toBeNull();
  }
});

test('every answer forbids to be kept, run, framed or guessed at', async () => {
  for (const path of ['/api/status', '/api/todos', '/nowhere']) {
    const { headers } = await town.call(path);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
  }
});

test('a foreign Host is refused, and 127.0.0.1 is taken to localhost', async () => {
  const foreign = await rawRequest(`${town.url}/api/status`, { host: 'evil.example' });
  expect(foreign.status).toBe(421);
  const forwarded = await rawRequest(`${town.url}/api/status`, { 'x-forwarded-host': 'evil.example' });
  expect(forwarded.status).toBe(200);
  const { port } = new URL(town.url);
  const alias = await fetch(`http://127.0.0.1:${port}/api/status?a=1`, { redirect: 'manual' });
  expect(alias.status).toBe(308);
  expect(alias.headers.get('location')).toBe(`${town.url}/api/status?a=1`);
});

test('the bare address leads to the docs page', async () => {
  const response = await town.call('/');
  expect(response.status).toBe(303);
  expect(response.headers.get('location')).toBe('/docs');
  expect((await town.call('/', { method: 'POST' })).status).toBe(404);
});

test('the probes answer, and requests are counted by route, never by what a stranger wrote', async () => {
  await town.call('/api/todos/some-id');
  await town.call('/api/stranger');
  expect((await town.call('/livez')).status).toBe(200);
  expect((await town.call('/readyz')).status).toBe(200);
  const metrics = await (await town.call('/metrics')).text();
  expect(metrics).toMatch('http_requests_total{method="GET",route="/api/todos/:id",status="401"}');
  expect(metrics).not.toMatch('stranger');
});

test('one parameter as often as a request line can hold it takes no time', async () => {
  const headers = { authorization: `Bearer ${await town.token('read:todos')}` };
  const query = '&a='.repeat(5_000);
  const started = performance.now();
  for (let round = 0; round < 10; round++) {
    const answer = await fetch(`${town.url}/api/todos?${query}`, { headers, redirect: 'manual' });
    expect(answer.status).toBeLessThan(500);
    await answer.text();
  }
  expect(performance.now() - started).toBeLessThan(1_000);
});
