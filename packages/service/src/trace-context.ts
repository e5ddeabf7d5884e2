import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import type { Middleware } from 'koa';
import { readTraceParent, type TraceParent, writeTraceParent } from './trace-parent.ts';
import { readTraceState } from './trace-state.ts';

/** Where a request stands in its trace. */
export interface Trace extends TraceParent {
  /** The caller's span; `undefined` where the trace begins here. */
  readonly parentId: string | undefined;
  /** Other systems' data, passed along. */
  readonly state: string | undefined;
}

const traces = new AsyncLocalStorage<Trace>();

/** The trace of the request that is being served, wherever in its course this is asked. */
export function currentTrace(): Trace | undefined {
  return traces.getStore();
}

/**
 * W3C Trace Context: continues the caller's trace, or begins one where there is none or it is malformed. Each request is
 * a span of its own, in `ctx.state.trace`; log lines and calls by `tracedFetch` made meanwhile carry it. Mounted before
 * whatever logs. What the headers say is never believed, only passed on: they decide nothing.
 */
export function traceContext(): Middleware {
  return (ctx, next) => {
    const trace = traceOf(ctx.get('traceparent'), ctx.get('tracestate'));
    ctx.state.trace = trace;
    return traces.run(trace, next);
  };
}

/** Sends requests on behalf of the one that is being served, as part of its trace. Redirects and errors are as fetch has them. */
export const tracedFetch: typeof fetch = (input, init) => {
  const trace = currentTrace();
  if (!trace) return fetch(input, init);
  const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
  headers.set('traceparent', writeTraceParent(trace));
  // NOTE: what the caller sent of it belongs to the span before this one.
  headers.delete('tracestate');
  if (trace.state !== undefined) headers.set('tracestate', trace.state);
  return fetch(input, { ...init, headers });
};

function traceOf(traceparent: string, tracestate: string): Trace {
  const caller = readTraceParent(traceparent);
  const spanId = randomId(8);
  // NOTE: section 3.3: without a traceparent that can be read, the tracestate means nothing.
  if (!caller) return { traceId: randomId(16), spanId, sampled: false, parentId: undefined, state: undefined };
  const { traceId, sampled, spanId: parentId } = caller;
  return { traceId, spanId, sampled, parentId, state: readTraceState(tracestate) };
}

function randomId(bytes: number): string {
  const id = randomBytes(bytes).toString('hex');
  return /^0+$/.test(id) ? randomId(bytes) : id;
}
