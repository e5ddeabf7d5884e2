import { hash } from 'node:crypto';
import type { Context, Middleware } from 'koa';

interface Kept {
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

const documents = new Set(['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server', '/jwks']);
/** Seconds. */
const mayBeKept = 300;

/**
 * Discovery (RFC 8414) and the keys are the same for everybody until the server is made anew: the engine is asked once,
 * and whoever asks later is answered from memory. A browser's request from another origin goes to the engine, which
 * speaks CORS.
 */
export function publishFromMemory(): Middleware {
  const kept = new Map<string, Kept>();

  return async (ctx, next) => {
    if (!documents.has(ctx.path) || !isSimple(ctx)) return next();
    const known = kept.get(ctx.path);
    if (known) return answer(ctx, known);
    await next();
    const made = ctx.status === 200 ? documentOf(ctx.body, ctx.response.type) : undefined;
    if (!made) return undefined;
    kept.set(ctx.path, made);
    return answer(ctx, made);
  };
}

function isSimple(ctx: Context): boolean {
  return (ctx.method === 'GET' || ctx.method === 'HEAD') && ctx.req.headers.origin === undefined;
}

function documentOf(content: unknown, type: string): Kept | undefined {
  if (typeof content !== 'object' || content === null) return undefined;
  const body = Buffer.from(JSON.stringify(content));
  const etag = `"${hash('sha256', body, 'base64url').slice(0, 22)}"`;
  const headers = { 'Content-Type': `${type}; charset=utf-8`, ETag: etag };
  return { headers: { ...headers, 'Cache-Control': `public, max-age=${mayBeKept}`, Vary: 'Origin' }, body };
}

function answer(ctx: Context, { headers, body }: Kept): void {
  // NOTE: counted under the address, as the engine's router would have named it.
  ctx._matchedRoute = ctx.path;
  ctx.status = 200;
  ctx.set(headers);
  if (ctx.fresh) ctx.status = 304;
  else ctx.body = body;
}
