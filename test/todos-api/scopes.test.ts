import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTodosApiTown, type TodosApiTown } from './todos-api-town.ts';

let town: TodosApiTown;
beforeAll(async () => {
  town = await startTodosApiTown();
});
afterAll(() => town[Symbol.asyncDispose]());

/** Every operation and the scope it needs, as the API is meant to be. That this is enforced: openapi-contract.test.ts. */
const operations = [
  ['get', '/api/me', ''],
  ['get', '/api/todos', 'read:todos'],
  ['get', '/api/todos/{id}', 'read:todos'],
  ['post', '/api/todos', 'write:todos'],
  ['patch', '/api/todos/{id}', 'write:todos'],
  ['delete', '/api/todos/{id}', 'write:todos'],
  ['get', '/api/admin/todos', 'admin'],
  ['delete', '/api/admin/todos/{id}', 'admin'],
] as const;

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

test('S1, S3, S25, S26, F20: the document states the catalogue, and for each operation what it needs', async () => {
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
  for (const [method, path, scope] of operations)
    expect(document.paths[path]?.[method]?.security).toEqual([{ oauth2: scope === '' ? [] : [scope] }]);
  const documented = Object.values(document.paths).reduce((count, item) => count + Object.keys(item).length, 0);
  expect(documented).toBe(operations.length + 1);
  expect(document.paths['/api/status']?.get?.security).toEqual([]);
});
