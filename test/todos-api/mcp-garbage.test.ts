import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mcpPosts, type Posting } from './mcp-posts.ts';
import { startTodosApiTown, type TodosApiTown } from './todos-api-town.ts';

let town: TodosApiTown;
beforeAll(async () => {
  town = await startTodosApiTown();
});
afterAll(() => town[Symbol.asyncDispose]());

const { post, tokenFor } = mcpPosts(() => town);
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
    headers: {
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      authorization: `Bearer ${await tokenFor('read:todos')}`,
    },
    body,
    duplex: 'half',
  } as RequestInit);
  expect(refused.status).toBe(413);
});

test.each(['announced', 'not announced'])(
  'after too large a body, %s, the next request on the connection is answered',
  async (how) => {
    const { hostname, port, host } = new URL(town.url);
    const socket = connect(Number(port), hostname);
    const head = [
      'POST /mcp HTTP/1.1',
      `Host: ${host}`,
      `Authorization: Bearer ${await tokenFor('read:todos')}`,
      'Content-Type: application/json',
      how === 'announced' ? 'Content-Length: 524288' : 'Transfer-Encoding: chunked',
    ].join('\r\n');
    const body = 'x'.repeat(524_288);
    socket.write(`${head}\r\n\r\n`);
    socket.write(how === 'announced' ? body : `80000\r\n${body}\r\n0\r\n\r\n`);
    socket.write(`GET /livez HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    const answers = await text(socket);
    expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 413', 'HTTP/1.1 200']);
  },
);

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
      ['id', 'title', 'completed', 'text', 'limit', 'cursor', any(['x', '__proto__', 'owner'])]
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
