import { hash } from 'node:crypto';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Context, Middleware } from 'koa';

interface Kept {
  readonly headers: Record<string, string>;
  readonly body: Buffer;
  /** Everything that went out with it the first time, also what others on the way have added. */
  readonly sent: OutgoingHttpHeaders;
}

export interface PublishedDocuments {
  readonly middleware: Middleware;
  /** Answers what is in memory already without going through the house. @returns whether it did */
  answersAtTheDoor(request: IncomingMessage, response: ServerResponse): boolean;
}

export interface PublishedDocumentsNeeds {
  /** The origin that the server is known by; what comes under another name goes through the house. */
  readonly origin: string;
  readonly onAnswered: (path: string) => void;
}

const documents = new Set(['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server', '/jwks']);
/** CORS, a copy that may still be good, and another name that a proxy has passed on. */
const needsTheHouse = ['origin', 'if-none-match', 'x-forwarded-host', 'forwarded'];
/** Seconds. */
const mayBeKept = 300;

/**
 * Discovery (RFC 8414) and the keys are the same for everybody until the server is made anew: the engine is asked once,
 * and whoever asks later is answered from memory. A browser's request from another origin goes to the engine, which
 * speaks CORS.
 */
export function publishFromMemory({ origin, onAnswered }: PublishedDocumentsNeeds): PublishedDocuments {
  const { host } = new URL(origin);
  const kept = new Map<string, Kept>();

  return {
    async middleware(ctx, next) {
      if (!documents.has(ctx.path) || !isSimple(ctx)) return next();
      const known = kept.get(ctx.path);
      if (known) return answer(ctx, known);
      await next();
      const made = ctx.status === 200 ? documentOf(ctx.body, ctx.response.type) : undefined;
      if (!made) return undefined;
      // NOTE: the engine writes its addresses as it was asked, and a probe that comes past the proxy asks without TLS.
      if (`${ctx.protocol}://${ctx.host}` === origin) kept.set(ctx.path, { ...made, sent: headersOf(ctx, made) });
      answer(ctx, made);
      return undefined;
    },
    answersAtTheDoor(request, response) {
      const known = request.method === 'GET' ? kept.get(request.url ?? '') : undefined;
      if (!known || request.headers.host !== host || needsTheHouse.some((name) => name in request.headers))
        return false;
      response.writeHead(200, known.sent).end(known.body);
      onAnswered(request.url ?? '');
      return true;
    },
  };
}

function isSimple(ctx: Context): boolean {
  return (ctx.method === 'GET' || ctx.method === 'HEAD') && ctx.req.headers.origin === undefined;
}

function documentOf(content: unknown, type: string): Omit<Kept, 'sent'> | undefined {
  if (typeof content !== 'object' || content === null) return undefined;
  const body = Buffer.from(JSON.stringify(content));
  const etag = `"${hash('sha256', body, 'base64url').slice(0, 22)}"`;
  const headers = { 'Content-Type': `${type}; charset=utf-8`, ETag: etag };
  return { headers: { ...headers, 'Cache-Control': `public, max-age=${mayBeKept}`, Vary: 'Origin' }, body };
}

/** Taken before the answer, which may be that nothing has changed: such a one says nothing of the content. */
function headersOf(ctx: Context, { headers, body }: Omit<Kept, 'sent'>): OutgoingHttpHeaders {
  ctx.set(headers);
  return { ...ctx.res.getHeaders(), 'content-length': body.length };
}

function answer(ctx: Context, { headers, body }: Omit<Kept, 'sent'>): void {
  // NOTE: counted under the address, as the engine's router would have named it.
  ctx._matchedRoute = ctx.path;
  ctx.status = 200;
  ctx.set(headers);
  if (ctx.fresh) ctx.status = 304;
  else ctx.body = body;
}
