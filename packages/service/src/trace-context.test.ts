import Koa from 'koa';
import { expect, test } from 'vitest';
import { listen } from './listener.ts';
import { currentTrace, type Trace, traceContext, tracedFetch } from './trace-context.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const callerSpan = 'b7ad6b7169203331';
const traceparent = `00-${traceId}-${callerSpan}-01`;

/** A service that says what reached it, and one in front of it that calls it while serving. */
async function startTwo() {
  const behind = new Koa().use((ctx) => {
    ctx.body = ctx.headers;
  });
  const second = await listen({ handler: behind.callback(), host: '127.0.0.1', port: 0 });
  const seen: Trace[] = [];
  const front = new Koa();
  front.use(traceContext());
  front.use(async (ctx) => {
    seen.push(ctx.state.trace);
    const stale = { traceparent: 'stale', tracestate: 'stale=1', 'x-other': 'kept' };
    const headers = ctx.query.stale === undefined ? {} : stale;
    ctx.body = await (await tracedFetch(`http://127.0.0.1:${second.port}/`, { headers })).json();
  });
  const first = await listen({ handler: front.callback(), host: '127.0.0.1', port: 0 });
  return {
    seen,
    async ask(headers: Record<string, string> = {}, query = '') {
      const response = await fetch(`http://127.0.0.1:${first.port}/${query}`, { headers });
      return (await response.json()) as Record<string, string>;
    },
    async [Symbol.asyncDispose]() {
      await first[Symbol.asyncDispose]();
      await second[Symbol.asyncDispose]();
    },
  };
}

test('a trace goes on through a service, with a span of its own for each request', async () => {
  await using two = await startTwo();
  const first = await two.ask({ traceparent, tracestate: 'rojo=1' });
  const second = await two.ask({ traceparent });
  const [{ spanId: firstSpan } = {}, { spanId: secondSpan } = {}] = two.seen;
  expect(two.seen[0]).toEqual({ traceId, spanId: firstSpan, sampled: true, parentId: callerSpan, state: 'rojo=1' });
  expect(new Set([firstSpan, secondSpan, callerSpan]).size).toBe(3);
  expect(first).toMatchObject({ traceparent: `00-${traceId}-${firstSpan}-01`, tracestate: 'rojo=1' });
  expect(second.traceparent).toBe(`00-${traceId}-${secondSpan}-01`);
  expect(second).not.toHaveProperty('tracestate');
});

test.each<Record<string, string>>([{}, { traceparent: 'garbage' }, { traceparent: `ff${traceparent.slice(2)}` }])(
  'a trace begins where the caller has none that can be read: %j',
  async (headers) => {
    await using two = await startTwo();
    const received = await two.ask({ ...headers, tracestate: 'rojo=1' });
    const [trace] = two.seen;
    expect(trace).toMatchObject({ parentId: undefined, state: undefined, sampled: false });
    expect(trace?.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(received.traceparent).toBe(`00-${trace?.traceId}-${trace?.spanId}-00`);
    expect(received).not.toHaveProperty('tracestate');
  },
);

test('a tracestate that is not well-formed is dropped, and the trace goes on', async () => {
  await using two = await startTwo();
  const received = await two.ask({ traceparent, tracestate: 'NOT WELL FORMED' });
  expect(received.traceparent).toMatch(traceId);
  expect(received).not.toHaveProperty('tracestate');
});

test('what a call carried of the trace before is replaced, and its other headers stay', async () => {
  await using two = await startTwo();
  const received = await two.ask({ traceparent }, '?stale');
  expect(received.traceparent).toMatch(traceId);
  expect(received['x-other']).toBe('kept');
  expect(received).not.toHaveProperty('tracestate');
});

test('requests at the same time keep their own', async () => {
  await using two = await startTwo();
  const ids = Array.from({ length: 20 }, (_, index) => (index + 1).toString(16).padStart(32, '0'));
  const received = await Promise.all(ids.map((id) => two.ask({ traceparent: `00-${id}-${callerSpan}-00` })));
  expect(received.map((headers) => headers.traceparent?.slice(3, 35))).toEqual(ids);
});

test('outside of a request there is no trace', () => {
  expect(currentTrace()).toBeUndefined();
});
