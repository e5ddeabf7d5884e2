import { afterAll, beforeAll, expect, test } from 'vitest';
import { readChallenge } from './challenge-reader.ts';
import { mcpPosts } from './mcp-posts.ts';
import { startTodosApiTown, type TodosApiTown } from './todos-api-town.ts';

let town: TodosApiTown;
beforeAll(async () => {
  town = await startTodosApiTown();
});
afterAll(() => town[Symbol.asyncDispose]());

const { post, tokenFor } = mcpPosts(() => town);
const calling = (name: string, input: Record<string, unknown> = {}) => ({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name, arguments: input },
});

const bare = () => ({
  realm: 'todos',
  resource_metadata: `${town.url}/.well-known/oauth-protected-resource/mcp`,
});

test('RFC 9728: the metadata is where the challenge says, names only what the tools need, and pages may read it', async () => {
  const refused = await post({ jsonrpc: '2.0', id: 1, method: 'initialize' });
  expect(refused.status).toBe(401);
  expect(readChallenge(refused)).toEqual(bare());
  expect(await refused.json()).toEqual({ error: 'unauthorized', error_description: 'Not authenticated' });

  for (const [address, resource, scopes] of [
    [bare().resource_metadata, `${town.url}/mcp`, ['read:todos', 'write:todos']],
    [bare().resource_metadata.replace(/mcp$/, 'api'), `${town.url}/api`, ['read:todos', 'write:todos', 'admin']],
  ] as const) {
    const metadata = await fetch(address, { headers: { origin: 'https://inspector.example' } });
    expect(await metadata.json()).toMatchObject({
      resource,
      authorization_servers: [town.issuer.issuer],
      scopes_supported: scopes,
      bearer_methods_supported: ['header'],
    });
    expect(metadata.headers.get('access-control-allow-origin')).toBe('*');
    const preflight = await fetch(address, { method: 'OPTIONS' });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-headers')).toBe('*');
  }
});

test('any person’s token may say hello and see the tools, with their schemas and what they do', async () => {
  const token = await tokenFor('');
  const initialize = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '1' } };
  const hello = await post({ jsonrpc: '2.0', id: 1, method: 'initialize', params: initialize }, { token });
  expect(hello.status).toBe(200);
  expect(hello.headers.get('mcp-session-id')).toBeNull();
  expect(await hello.json()).toMatchObject({ result: { serverInfo: { name: 'todos' }, capabilities: { tools: {} } } });

  const listed = await post({ jsonrpc: '2.0', id: 2, method: 'tools/list' }, { token });
  const { result } = (await listed.json()) as { result: { tools: Record<string, never>[] } };
  const tools = Object.fromEntries(result.tools.map((tool) => [String(tool.name), tool]));
  expect(tools.list_todos).toMatchObject({ annotations: { readOnlyHint: true, openWorldHint: false } });
  expect(tools.add_todo).toMatchObject({
    inputSchema: { required: ['title'], additionalProperties: false, properties: { title: { maxLength: 200 } } },
    annotations: { readOnlyHint: false, destructiveHint: false },
  });
  expect(tools.delete_todo).toMatchObject({ annotations: { destructiveHint: true, idempotentHint: true } });
  for (const tool of result.tools) {
    expect(tool).toMatchObject({ title: expect.any(String), description: expect.any(String) });
    expect(tool).toHaveProperty('outputSchema.properties');
    expect(JSON.stringify(tool)).not.toContain('$ref');
  }
});

test('a notification is taken note of, without a body', async () => {
  const noted = await post({ jsonrpc: '2.0', method: 'notifications/initialized' }, { token: await tokenFor('') });
  expect(noted.status).toBe(202);
  expect(noted.headers.get('content-type')).toBeNull();
  expect(await noted.text()).toBe('');
});

test.each([
  ['list_todos', '', 'read:todos', 'read:todos'],
  ['list_todos', 'write:todos', 'read:todos', 'read:todos write:todos'],
  ['list_todos', 'admin', 'read:todos', 'read:todos'],
  ['add_todo', '', 'write:todos', 'write:todos'],
  ['add_todo', 'read:todos', 'write:todos', 'read:todos write:todos'],
  ['complete_todo', 'read:todos', 'write:todos', 'read:todos write:todos'],
  ['change_todo', 'read:todos', 'write:todos', 'read:todos write:todos'],
  ['delete_todo', 'read:todos', 'write:todos', 'read:todos write:todos'],
])('%s with a token for "%s": %s is missing, and the challenge asks for "%s"', async (name, held, missing, asks) => {
  const refused = await post(calling(name), { token: await tokenFor(held) });
  const insufficient = { error: 'insufficient_scope', error_description: `Missing required scope: ${missing}` };
  expect(refused.status).toBe(403);
  expect(readChallenge(refused)).toEqual({ ...bare(), ...insufficient, scope: asks });
  expect(await refused.json()).toEqual(insufficient);
  expect(refused.headers.get('access-control-expose-headers')).toBe('WWW-Authenticate, Mcp-Session-Id');
});

test('a token without a person is denied, whatever it asks', async () => {
  const token = await tokenFor('read:todos write:todos', { sub: 'test-client' });
  for (const message of [{ jsonrpc: '2.0', id: 1, method: 'tools/list' }, calling('list_todos'), 'nonsense']) {
    const refused = await post(message, { token });
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({ error: 'access_denied' });
  }
});

test('a bad token is told so, at the right metadata', async () => {
  for (const token of ['x', await town.token('read:todos')]) {
    const refused = await post(calling('list_todos'), { token });
    expect(refused.status).toBe(401);
    expect(readChallenge(refused)).toMatchObject({ ...bare(), error: 'invalid_token' });
  }
});

test('GET opens no stream, DELETE ends no session, and neither does anything else', async () => {
  const token = await tokenFor('read:todos');
  for (const method of ['GET', 'HEAD', 'DELETE', 'PUT', 'PATCH']) {
    const refused = await town.call('/mcp', { method, token, headers: { accept: 'text/event-stream' } });
    expect(refused.status, method).toBe(405);
    expect(refused.headers.get('allow')).toBe('POST');
  }
  expect((await town.call('/mcp/', { method: 'POST', token })).status).toBe(404);
});

test.each([
  ['https://inspector.example', 200],
  ['http://localhost:6274', 200],
  ['http://127.0.0.1:6274', 200],
  ['http://[::1]:6274', 200],
  ['http://rebound.example:3001', 403],
  ['http://localhost.rebound.example', 403],
  ['http://user@localhost', 403],
  ['null', 403],
  ['chrome-extension://abc', 403],
  ['https://inspector.example/', 403],
  ['https://', 403],
])('a page of %s is answered with %i', async (origin, status) => {
  const message = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
  const answer = await post(message, { token: await tokenFor(''), headers: { origin } });
  expect(answer.status).toBe(status);
  expect(answer.headers.get('access-control-allow-origin')).toBe(status === 200 ? '*' : null);
  const preflight = await town.call('/mcp', { method: 'OPTIONS', headers: { origin } });
  expect(preflight.status).toBe(status === 200 ? 204 : 403);
  if (status !== 200) return;
  expect(preflight.headers.get('access-control-allow-methods')).toBe('POST');
  expect(preflight.headers.get('access-control-allow-headers')).toContain('MCP-Protocol-Version');
  expect(preflight.headers.get('access-control-allow-credentials')).toBeNull();
});

test('what pages may do at /mcp they may not do at the API', async () => {
  const answer = await town.call('/api/status', { headers: { origin: 'https://inspector.example' } });
  expect(answer.headers.get('access-control-allow-origin')).toBeNull();
});
