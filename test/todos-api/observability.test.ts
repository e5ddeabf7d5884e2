import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startTodosApiTown, type TodosApiTown } from './todos-api-town.ts';

let town: TodosApiTown;
beforeEach(async () => {
  town = await startTodosApiTown({ rateLimitPerMinute: 3 });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await town[Symbol.asyncDispose]();
});

async function outcomes(): Promise<Record<string, number>> {
  const text = await (await town.call('/metrics')).text();
  const lines = [...text.matchAll(/^api_authorizations_total\{outcome="(\w+)"\} (\d+)$/gm)];
  return Object.fromEntries(lines.map(([, outcome, count]) => [outcome, Number(count)]));
}

test('requests are counted by what the guard made of them, each outcome from the start', async () => {
  expect(new Set(Object.values(await outcomes()))).toEqual(new Set([0]));
  const seconds = Math.floor(Date.now() / 1000);
  const todos = async (scope: string, claims?: Record<string, unknown>, path = '/api/todos', method = 'GET') =>
    town.call(path, { method, token: await town.token(scope, claims) });
  await town.call('/api/status');
  await town.call('/api/todos');
  await town.call('/api/todos', { token: 'garbage' });
  await town.call('/api/todos?access_token=x');
  await todos('read:todos', { exp: seconds - 100 });
  await todos('read:todos', { sub: 'test-client' });
  await todos('', { sub: 'bob' });
  await todos('admin', { sub: 'admin' }, `/api/admin/todos/${crypto.randomUUID()}`, 'DELETE');
  for (let time = 0; time < 5; time++) await todos('read:todos');
  expect(await outcomes()).toMatchObject({
    allowed: 3,
    anonymous: 0,
    not_authenticated: 1,
    invalid_token: 1,
    invalid_request: 1,
    token_expired: 1,
    access_denied: 1,
    insufficient_scope: 1,
    insufficient_authentication: 1,
    too_many_requests: 2,
  });
});

test('the keys are fetched as part of the trace of the request that needs them', async () => {
  const fetches = vi.spyOn(globalThis, 'fetch');
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01`, tracestate: 'rojo=1' };
  expect((await town.call('/api/me', { token: await town.token(''), headers })).status).toBe(200);
  const toIssuer = fetches.mock.calls.filter(([url]) => String(url).startsWith(town.issuer.issuer));
  expect(toIssuer.length).toBeGreaterThan(0);
  for (const [, init] of toIssuer) {
    const sent = new Headers(init?.headers);
    expect(sent.get('traceparent')).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`));
    expect(sent.get('traceparent')).not.toBe(headers.traceparent);
    expect(sent.get('tracestate')).toBe('rojo=1');
  }
});

test('whatever a stranger sends as a trace, the answer is the same', async () => {
  const token = await town.token('');
  for (const traceparent of ['garbage', `00-${'0'.repeat(32)}-${'0'.repeat(16)}-00`, 'x'.repeat(4_000)]) {
    const headers = { traceparent, tracestate: 'x'.repeat(4_000) };
    expect((await town.call('/api/me', { token, headers })).status).toBe(200);
  }
});
