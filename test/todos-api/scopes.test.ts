import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTodosApiTown, type TodosApiTown } from './todos-api-town.ts';

let town: TodosApiTown;
beforeAll(async () => {
  town = await startTodosApiTown();
});
afterAll(() => town[Symbol.asyncDispose]());

const id = crypto.randomUUID();
const seconds = Math.floor(Date.now() / 1000);
/** Every operation, the scope it needs, and how it answers who has it. */
const operations = [
  { method: 'GET', path: '/api/me', scope: '', allowed: 200 },
  { method: 'GET', path: '/api/todos', scope: 'read:todos', allowed: 200 },
  { method: 'GET', path: `/api/todos/${id}`, scope: 'read:todos', allowed: 404 },
  { method: 'POST', path: '/api/todos', scope: 'write:todos', json: { title: 'x' }, allowed: 201 },
  { method: 'PATCH', path: `/api/todos/${id}`, scope: 'write:todos', json: { completed: true }, allowed: 404 },
  { method: 'DELETE', path: `/api/todos/${id}`, scope: 'write:todos', allowed: 404 },
  { method: 'GET', path: '/api/admin/todos', scope: 'admin', allowed: 200 },
  { method: 'DELETE', path: `/api/admin/todos/${id}`, scope: 'admin', allowed: 404 },
];

test.each(operations)('S3, S13, S15: $method $path needs "$scope"', async ({ allowed, path, scope, ...request }) => {
  const all = ['read:todos', 'write:todos', 'admin'];
  const others = all.filter((one) => one !== scope).join(' ');
  expect((await town.call(path, request)).status).toBe(401);
  expect((await town.call(path, { ...request, token: 'garbage' })).status).toBe(401);
  const refused = await town.call(path, { ...request, token: await town.token(others, { auth_time: seconds }) });
  expect(refused.status).toBe(scope === '' ? 200 : 403);
  const token = await town.token(scope, { auth_time: seconds });
  expect((await town.call(path, { ...request, token })).status).toBe(allowed);
});

test('S15: the handler of a refused request does not run', async () => {
  const sub = 'carol';
  const token = await town.token('read:todos', { sub });
  await town.call('/api/todos', { method: 'POST', token, json: { title: 'x' } });
  expect(await (await town.call('/api/todos', { token })).json()).toEqual([]);
});

test('F9, F10: the status needs nothing, and looks at no credentials', async () => {
  for (const authorization of [undefined, 'Bearer garbage', 'Basic x', `Bearer ${await town.token('')}`]) {
    const response = await town.call('/api/status', authorization === undefined ? {} : { headers: { authorization } });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ status: 'ok' });
  }
  expect((await town.call('/api/status?access_token=x')).status).toBe(200);
});

test('a scope is compared as a whole, letters in either case apart', async () => {
  for (const scope of ['read', 'READ:TODOS', 'read:todos2', 'xread:todos', 'read:todos,write:todos'])
    expect((await town.call('/api/todos', { token: await town.token(scope) })).status).toBe(403);
});

test('S25, S26: the document states for each operation what is enforced', async () => {
  const document = (await (await town.call('/openapi.json')).json()) as {
    openapi: string;
    paths: Record<string, Record<string, { security: unknown; responses: Record<string, unknown> }>>;
    components: { securitySchemes: { oauth2: { flows: { authorizationCode: Record<string, unknown> } } } };
  };
  expect(document.openapi).toMatch(/^3\.1/);
  expect(document.components.securitySchemes.oauth2.flows.authorizationCode).toMatchObject({
    authorizationUrl: `${town.issuer.issuer}/authorize`,
    tokenUrl: `${town.issuer.issuer}/token`,
    scopes: { 'read:todos': 'See your todos', 'write:todos': expect.any(String), admin: expect.any(String) },
  });
  for (const { method, path, scope } of operations) {
    const operation = document.paths[path.replace(id, '{id}')]?.[method.toLowerCase()];
    expect(operation?.security).toEqual([{ oauth2: scope === '' ? [] : [scope] }]);
    expect(Object.keys(operation?.responses ?? {})).toEqual(
      expect.arrayContaining(scope === '' ? ['401'] : ['401', '403']),
    );
  }
  expect(document.paths['/api/status']?.get?.security).toEqual([]);
});
