import { pipeline, Readable, Transform } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { Context, Middleware } from 'koa';
import type { BrowserSession } from '../session/browser-session.ts';
import type { Sessions } from '../session/sessions.ts';
import type { AuthorizedFetch } from '../tokens/authorized-fetch.ts';
import { apiMethods } from './api-routes.ts';
import { browserHeaders, upstreamHeaders } from './proxy-headers.ts';

export interface ApiProxyOptions {
  readonly apiUrl: string;
  readonly browserSession: BrowserSession;
  readonly sessions: Sessions;
  readonly authorizedFetch: AuthorizedFetch;
}

/** Bytes. A request is held whole, so that it can be sent again with a new token; an answer is passed on as it comes. */
const longestRequest = 64 * 1024;
const longestAnswer = 8 * 1024 * 1024;

/** Passes what this app does at the API on to it, with the person's token. */
export function apiProxy({ apiUrl, browserSession, sessions, authorizedFetch }: ApiProxyOptions): Middleware {
  return async (ctx) => {
    ctx.set('Cache-Control', 'no-store');
    ctx.set('Cross-Origin-Resource-Policy', 'same-origin');
    const methods = apiMethods(ctx.path);
    if (methods.length === 0) return answerError(ctx, 404, 'not_found', 'This address is not passed on');
    if (!methods.includes(ctx.method)) {
      ctx.set('Allow', methods.join(', '));
      return answerError(ctx, 405, 'invalid_request', 'This method is not passed on');
    }
    const url = new URL(ctx.path + ctx.search, apiUrl);
    const session = await browserSession.current(ctx);
    if (!session) return answerError(ctx, 401, 'unauthorized', 'Not authenticated');
    const body = await readBody(ctx);
    if (body === 'too long') {
      ctx.set('Connection', 'close');
      return answerError(ctx, 413, 'invalid_request', 'The request is too long');
    }

    await sessions.touch(session);
    const headers = upstreamHeaders((name) => ctx.get(name));
    const outcome = await authorizedFetch(session, { url, method: ctx.method, headers, body });
    if (outcome.kind === 'ended') return answerError(ctx, 401, 'unauthorized', 'Not authenticated');
    if (outcome.kind === 'unavailable') {
      ctx.set('Retry-After', '2');
      return answerError(ctx, 503, 'temporarily_unavailable', 'The API cannot be reached just now');
    }
    return passOn(ctx, outcome.response, apiUrl);
  };
}

async function readBody(ctx: Context): Promise<Uint8Array<ArrayBuffer> | undefined | 'too long'> {
  if (ctx.method === 'GET' || ctx.method === 'HEAD') return undefined;
  if ((ctx.request.length ?? 0) > longestRequest) return 'too long';
  const chunks: Buffer[] = [];
  let length = 0;
  // The rest of what is too long stays unread, but the connection must live until we have said so.
  for await (const chunk of ctx.req.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > longestRequest) return 'too long';
    chunks.push(chunk);
  }
  return length === 0 ? undefined : new Uint8Array(Buffer.concat(chunks));
}

async function passOn(ctx: Context, response: Response, apiUrl: string): Promise<void> {
  if (response.status >= 300 && response.status < 400 && response.status !== 304) {
    await response.body?.cancel();
    return answerError(ctx, 502, 'bad_gateway', 'The API answered with a redirect, which is not followed');
  }
  ctx.status = response.status;
  ctx.set(browserHeaders(response.headers, apiUrl));
  if (response.body && ctx.method !== 'HEAD') ctx.body = limited(Readable.fromWeb(response.body as ReadableStream));
  else ctx.body = null;
  // Setting a body chooses a status and a type of its own.
  ctx.status = response.status;
  const type = response.headers.get('content-type');
  if (type !== null) ctx.set('Content-Type', type);
}

/** NOTE: an answer that breaks off, or is too long, ends the browser's connection: its status has gone out already. */
function limited(source: Readable): Transform {
  let length = 0;
  const limit = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      length += chunk.length;
      if (length > longestAnswer) done(new Error('the answer of the API is too long'));
      else done(null, chunk);
    },
  });
  return pipeline(source, limit, () => {});
}

function answerError(ctx: Context, status: number, error: string, description: string): void {
  ctx.status = status;
  ctx.body = { error, error_description: description };
}
