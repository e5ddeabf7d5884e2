import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTodosApiTown, type TodosApiTown } from './todos-api-town.ts';

let town: TodosApiTown;
let now = Date.now();
beforeAll(async () => {
  town = await startTodosApiTown({ rateLimitPerMinute: 5, now: () => now });
});
afterAll(() => town[Symbol.asyncDispose]());
beforeEach(() => {
  now += 60_000;
});

async function statuses(count: number, token: string, path = '/api/todos') {
  const answers = await Promise.all(Array.from({ length: count }, () => town.call(path, { token })));
  return answers.map(({ status }) => status).toSorted();
}

test('the sixth request within a minute is told to wait, and after the wait it passes', async () => {
  const token = await town.token('read:todos');
  expect(await statuses(7, token)).toEqual([200, 200, 200, 200, 200, 429, 429]);
  const refused = await town.call('/api/todos', { token });
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toBe('12');
  expect(refused.headers.get('www-authenticate')).toBeNull();
  expect(refused.headers.get('ratelimit')).toBe('"principal";r=0;t=12');
  expect(refused.headers.get('cache-control')).toBe('no-store');
  expect(await refused.json()).toEqual({ error: expect.any(String), error_description: expect.any(String) });
  now += 12_000;
  const passed = await town.call('/api/todos', { token });
  expect(passed.status).toBe(200);
  expect(passed.headers.get('ratelimit-policy')).toBe('"principal";q=5;w=60');
});

test('a new token is the same principal, and every route counts', async () => {
  for (const path of ['/api/todos', '/api/me', '/api/todos/nothing'])
    await statuses(2, await town.token('read:todos'), path);
  expect((await town.call('/api/todos', { token: await town.token('read:todos') })).status).toBe(429);
});

test('one person’s flood is not another’s, nor that of their other client', async () => {
  expect(await statuses(30, await town.token('read:todos'))).toContain(429);
  expect(await statuses(5, await town.token('read:todos', { sub: 'bob' }))).toEqual([200, 200, 200, 200, 200]);
  const other = await town.token('read:todos', { client_id: 'other-client' });
  expect(await statuses(5, other)).toEqual([200, 200, 200, 200, 200]);
});

test('nobody is counted by what anybody could send: no token, a bad one, an open route', async () => {
  const token = await town.token('read:todos');
  expect(new Set(await statuses(20, `${token}x`))).toEqual(new Set([401]));
  expect(new Set(await statuses(20, token, '/api/status'))).toEqual(new Set([200]));
  const bad = await town.call('/api/todos', { token: 'garbage' });
  expect(bad.headers.get('ratelimit')).toBeNull();
  expect(await statuses(5, token)).toEqual([200, 200, 200, 200, 200]);
});

test('the document says that callers may be told to wait, except on open routes', async () => {
  const { paths } = (await (await town.call('/openapi.json')).json()) as {
    paths: Record<string, { get: { responses: object } }>;
  };
  expect(paths['/api/todos']?.get.responses).toHaveProperty('429');
  expect(paths['/api/status']?.get.responses).not.toHaveProperty('429');
});
