import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { currentTrace } from '@latchkey/service';
import type { Context, Middleware } from 'koa';
import type { Check, HeaderList, Party, Report, SentRequest } from './exchange.ts';
import { answerText, bodyText, keepBody, longestBody } from './kept-body.ts';

export type FoundCheck = Omit<Check, 'by'>;

export interface FlowReporterOptions {
  readonly party: Party;
  /** Who answers at an address. */
  readonly destination: (url: URL) => Party;
  /** The origin that browsers see. */
  readonly origin: string;
  readonly tell: (report: Report) => void;
  /** Who alone asks at a path, where that is known: some servers carry no trace. */
  readonly senderAt?: (path: string) => Party | undefined;
  /** Paths of which nothing is noted: probes, files, the picture itself. */
  readonly isQuiet?: (path: string) => boolean;
}

export interface FlowReporter {
  /** Notes every request that is received, and its answer. Mounted right behind `traceContext()`. */
  middleware(): Middleware;
  /** Notes every request that is sent: each is a span of its own, so that its receiver's notes meet ours. */
  readonly fetch: typeof fetch;
  /** What was found out about the request that is being served, or about the answer to what was last posted meanwhile. */
  check(checks: readonly FoundCheck[], of?: 'received' | 'sent'): void;
}

interface Course {
  readonly id: string;
  readonly traceId: string;
  readonly checks: Check[];
  lastSent?: Report;
}

/** What a collector takes. A stranger may send more, and that must not keep others from being heard. */
const longest = { url: 4_096, headers: 100, detail: 400, checks: 40 } as const;

const alwaysQuiet = /^\/(assets\/|livez$|readyz$|metrics$|favicon)/;

export function createFlowReporter(options: FlowReporterOptions): FlowReporter {
  const { party, destination, origin, tell, senderAt = () => undefined, isQuiet = () => false } = options;
  const courses = new AsyncLocalStorage<Course>();

  function noted(ctx: Context): { readonly course: Course; readonly report: Omit<Report, 'request'> } {
    const { traceId, spanId, parentId } = ctx.state.trace as { traceId: string; spanId: string; parentId?: string };
    // NOTE: browsers say where a request comes from. Programs do not, though some name a mode of fetching.
    const sender = senderAt(ctx.path);
    const fromBrowser = sender === undefined && (parentId === undefined || ctx.get('sec-fetch-site') !== '');
    const id = `${traceId}-${fromBrowser ? spanId : (parentId ?? spanId)}`;
    const from = sender ?? (fromBrowser ? 'browser' : 'client');
    const course: Course = { id, traceId, checks: [] };
    const report = {
      id,
      traceId,
      from,
      to: party,
      reporter: party,
      channel: fromBrowser ? 'front' : 'back',
      startedAt: Date.now(),
      checks: [],
    } as const;
    return { course, report };
  }

  return {
    middleware: () => async (ctx, next) => {
      if (alwaysQuiet.test(ctx.path) || isQuiet(ctx.path)) return next();
      const began = performance.now();
      const body = keepBody(ctx.req);
      const { course, report } = noted(ctx);
      const request = (): SentRequest => ({
        method: ctx.method,
        url: addressOf(origin, ctx.url),
        headers: rawHeaders(ctx.req),
        body: body(),
      });
      tell({ ...report, request: request() });
      try {
        return await courses.run(course, next);
      } finally {
        const answer = {
          status: ctx.status,
          headers: headerList(ctx.response.headers),
          body: bodyText(ctx.body, ctx.response.type),
        };
        tell({ ...report, request: request(), answer, tookMs: performance.now() - began, checks: [...course.checks] });
      }
    },

    fetch: async (input, init) => {
      const course = courses.getStore();
      const trace = currentTrace();
      const traceId = trace?.traceId ?? randomBytes(16).toString('hex');
      const spanId = randomBytes(8).toString('hex');
      const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
      headers.set('traceparent', `00-${traceId}-${spanId}-${trace?.sampled ? '01' : '00'}`);
      headers.delete('tracestate');
      if (trace?.state !== undefined) headers.set('tracestate', trace.state);
      const url = new URL(input instanceof Request ? input.url : input);
      const began = performance.now();
      const report: Report = {
        id: `${traceId}-${spanId}`,
        traceId,
        causedBy: course?.id,
        from: party,
        to: destination(url),
        reporter: party,
        channel: 'back',
        startedAt: Date.now(),
        request: {
          method: init?.method ?? (input instanceof Request ? input.method : 'GET'),
          url: url.href,
          headers: [...headers],
          body: textOf(init?.body),
        },
        checks: [],
      };
      tell(report);
      try {
        const response = await fetch(input, { ...init, headers });
        const tookMs = performance.now() - began;
        const answer = { status: response.status, headers: [...response.headers], body: await answerText(response) };
        const answered = { ...report, answer, tookMs };
        tell(answered);
        // NOTE: what is only read on the way, such as keys, is not what somebody has a finding about.
        if (course && answered.request.method !== 'GET') course.lastSent = answered;
        return response;
      } catch (error) {
        tell({ ...report, failure: failureOf(error), tookMs: performance.now() - began });
        throw error;
      }
    },

    check(checks, of = 'received') {
      const course = courses.getStore();
      if (!course) return;
      const found = checks.map(({ name, outcome, detail }) => ({
        by: party,
        name,
        outcome,
        detail: detail?.slice(0, longest.detail),
      }));
      if (of === 'received') addUp(course.checks, found);
      else if (course.lastSent) tell({ ...course.lastSent, checks: found });
    },
  };
}

/** What is looked at twice, by a guard within a guard, has passed only when it has passed each time. */
function addUp(checks: Check[], found: readonly Check[]): void {
  for (const check of found) {
    const before = checks.findIndex(({ name }) => name === check.name);
    if (before === -1 && checks.length < longest.checks) checks.push(check);
    if (before !== -1 && check.outcome === 'failed') checks[before] = check;
  }
}

function failureOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : String(cause);
}

function textOf(body: RequestInit['body'] | undefined): string | undefined {
  if (typeof body === 'string') return body.slice(0, longestBody);
  if (body instanceof URLSearchParams) return body.toString().slice(0, longestBody);
  return body instanceof Uint8Array ? new TextDecoder().decode(body.subarray(0, longestBody)) : undefined;
}

/** RFC 9112, section 3.2: a request's target is mostly a path, but anybody may send the other forms, or what is none. */
function addressOf(origin: string, target: string): string {
  const path = target.startsWith('/') ? target : `/${target}`;
  return (origin + path).slice(0, longest.url);
}

function rawHeaders({ rawHeaders: raw }: IncomingMessage): HeaderList {
  const named = raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? ''] as const] : []));
  return named.slice(0, longest.headers);
}

function headerList(headers: Readonly<Record<string, unknown>>): HeaderList {
  return Object.entries(headers).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((each) => [name, String(each)] as const),
  );
}
