import { afterAll, beforeAll, expect, test } from 'vitest';
import { readChallenge } from './challenge-reader.ts';
import { startTodosApiTown, type TodosApiTown } from './todos-api-town.ts';

let town: TodosApiTown;
beforeAll(async () => {
  town = await startTodosApiTown();
});
afterAll(() => town[Symbol.asyncDispose]());

const both = { accept: 'application/json, text/event-stream', 'content-type': 'application/json' };
const tokenFor = (scope: string, claims: Record<string, unknown> = {}) =>
  town.token(scope, { aud: `${town.url}/mcp`, ...claims });
const calling = (name: string, input: Record<string, unknown> = {}) => ({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name, arguments: input },
});

interface Posting {
  readonly token?: string;
  readonly headers?: Record<string, string>;
  readonly body?: NonNullable<RequestInit['body']>;
}

/** What an MCP client sends, or what is like it. */
const post = (message: unknown, { token, headers, body }: Posting = {}) =>
  town.call('/mcp', { method: 'POST', token, headers: { ...both, ...headers }, body: body ?? JSON.stringify(message) });

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

const listing = { jsonrpc: '2.0', id: 1, method: 'tools/list' };

test.each<[string, Posting, number]>([
  ['not JSON', { body: '{' }, 400],
  ['nothing', { body: '' }, 400],
  ['not UTF-8', { body: new Uint8Array([0x22, 0xff, 0x22]) }, 400],
  ['null', { body: 'null' }, 400],
  ['a batch', { body: JSON.stringify([listing, listing]) }, 400],
  ['an empty batch', { body: '[]' }, 400],
  ['JSON, but not JSON-RPC', { body: '{"hello":"world"}' }, 400],
  ['JSON-RPC of another version', { body: JSON.stringify({ ...listing, jsonrpc: '1.0' }) }, 400],
  ['more than 64 KiB', { body: JSON.stringify({ ...listing, params: { x: 'x'.repeat(70_000) } }) }, 413],
  ['arrays in arrays in arrays', { body: '['.repeat(30_000) + ']'.repeat(30_000) }, 400],
  [
    'a member nested as deep',
    { body: `{"jsonrpc":"2.0","id":1,"method":"x","params":{"a":${'[['.repeat(10_000)}` },
    400,
  ],
  ['an unknown protocol version', { headers: { 'mcp-protocol-version': '1999-01-01' } }, 400],
  ['no wish for JSON', { headers: { accept: 'text/html' } }, 406],
  ['a form', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }, 415],
  ['a packed body', { headers: { 'content-encoding': 'gzip' }, body: new Uint8Array([0x1f, 0x8b, 8, 0]) }, 400],
])('%s is answered with a JSON-RPC error', async (_, posting, status) => {
  const refused = await post(listing, { token: await tokenFor('read:todos write:todos'), ...posting });
  expect(refused.status).toBe(status);
  expect(refused.headers.get('content-type')).toMatch('application/json');
  expect(await refused.json()).toMatchObject({ jsonrpc: '2.0', error: { code: expect.any(Number) } });
});

test('a body without a declared length is held to the same limit', async () => {
  const piece = new TextEncoder().encode(' '.repeat(16_384));
  let pieces = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (++pieces > 8) controller.close();
      else controller.enqueue(piece);
    },
  });
  const refused = await fetch(`${town.url}/mcp`, {
    method: 'POST',
    headers: { ...both, authorization: `Bearer ${await tokenFor('read:todos')}` },
    body,
    duplex: 'half',
  } as RequestInit);
  expect(refused.status).toBe(413);
});

/** Seeded, so that what fails once fails again (mulberry32). */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  };
}

test('whatever a signed-in stranger sends is answered, and never with a 5xx', { timeout: 60_000 }, async () => {
  const roll = dice(20261124);
  const token = await tokenFor('read:todos write:todos');
  const id = '00000000-0000-4000-8000-000000000000';
  const methods = ['tools/call', 'tools/call', 'tools/call', 'tools/list', 'initialize', 'ping', 'logging/setLevel'];
  methods.push('resources/read', 'tasks/get', 'notifications/cancelled', 'completion/complete', '__proto__', '', 'é\0');
  const names = ['list_todos', 'add_todo', 'complete_todo', 'change_todo', 'delete_todo', 'toString', '__proto__', ''];
  const values: unknown[] = [null, true, 0, -1, 1e308, 0.5, '', 'x', '\0', '\ud800', 'x'.repeat(5_000), id, [], {}];
  values.push([[[]]], { a: { b: 1 } }, { __proto__: null, constructor: 1 }, ['x'], 'eyJ', Number.MAX_SAFE_INTEGER);
  const any = <Item>(items: readonly Item[]) => items[roll(items.length)] as Item;
  const input = () =>
    Object.fromEntries(
      ['id', 'title', 'completed', 'limit', 'cursor', any(['x', '__proto__', 'owner'])]
        .filter(() => roll(2) === 0)
        .map((member) => [member, any(values)]),
    );
  const message = () => ({
    jsonrpc: roll(20) === 0 ? any(values) : '2.0',
    ...(roll(8) !== 0 && { id: roll(4) === 0 ? any(values) : roll(1_000) }),
    method: roll(20) === 0 ? any(values) : any(methods),
    ...(roll(10) !== 0 && {
      params: roll(10) === 0 ? any(values) : { name: roll(10) === 0 ? any(values) : any(names), arguments: input() },
    }),
    ...(roll(20) === 0 && { result: any(values) }),
  });
  const meta = () => ({
    ...message(),
    params: {
      name: any(names),
      arguments: roll(4) === 0 ? any(values) : input(),
      task: any(values),
      _meta:
        roll(2) === 0
          ? any(values)
          : { progressToken: any(values), 'io.modelcontextprotocol/related-task': any(values) },
    },
  });

  const statuses = new Map<number, number>();
  for (let round = 0; round < 100; round++) {
    const answers = await Promise.all(
      Array.from({ length: 20 }, async () => {
        let body = JSON.stringify(roll(3) === 0 ? meta() : message());
        if (roll(10) === 0) body = body.slice(0, roll(body.length));
        if (roll(10) === 0) body = body.replace(any(['"', ':', '{', '0', 'e']), any(['', '\\', '[', '}', '\u0000']));
        const answer = await post(undefined, { token, body });
        return { body, status: answer.status, text: await answer.text() };
      }),
    );
    for (const { body, status, text } of answers) {
      expect(status, `${body.slice(0, 300)}\n${text}`).toBeLessThan(500);
      expect(text, body.slice(0, 300)).not.toMatch(/SQLITE|node_modules|\.ts:\d/);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  }
  expect(statuses.get(200)).toBeGreaterThan(500);
  expect(statuses.get(400)).toBeGreaterThan(100);
});
