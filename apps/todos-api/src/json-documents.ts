import type { Middleware } from 'koa';

/** Serves documents that change only with a restart, by path. Who reads them needs no token, and pages may, too. */
export function jsonDocuments(documents: Readonly<Record<string, unknown>>): Middleware {
  const texts = new Map(Object.entries(documents).map(([path, document]) => [path, JSON.stringify(document)]));
  return async (ctx, next) => {
    const text = texts.get(ctx.path);
    if (text === undefined) return next();
    ctx.state.route = ctx.path;
    ctx.set('Access-Control-Allow-Origin', '*');
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') {
      ctx.status = ctx.method === 'OPTIONS' ? 204 : 405;
      ctx.set('Allow', 'GET, HEAD');
      ctx.set('Access-Control-Allow-Headers', '*');
      return undefined;
    }
    ctx.set('Cache-Control', 'public, max-age=300');
    ctx.type = 'json';
    ctx.body = text;
    return undefined;
  };
}
