import type { Middleware } from 'koa';

const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Answers only on the app's own origin. Links, redirects and token audiences are derived from the request's host by
 * much software, so a foreign `Host` (or `X-Forwarded-Host` behind a trusted proxy) is refused before anything reads it.
 * On a loopback origin, the other names of the loopback address are sent to the right one: cookies know no aliases.
 *
 * @param origin the app's public origin, `https://login.example`
 */
export function canonicalHost(origin: string): Middleware {
  const canonical = new URL(origin);
  const isLoopback = loopbackNames.has(canonical.hostname);
  return async (ctx, next) => {
    // NOTE: `GET http://elsewhere/ HTTP/1.1` is for proxies. Koa would take the host from there, and so would whoever
    // derives an address from the request.
    if (!ctx.req.url?.startsWith('/')) {
      ctx.status = 400;
      ctx.type = 'text';
      ctx.body = 'The request line must hold a path, beginning with a slash.\n';
      return undefined;
    }
    if (ctx.host === canonical.host) return next();
    const asked = URL.parse(`${canonical.protocol}//${ctx.host}`);
    if (isLoopback && asked && loopbackNames.has(asked.hostname) && asked.port === canonical.port) {
      ctx.status = 308;
      ctx.set('Location', canonical.origin + ctx.url);
      ctx.body = `This service is at ${canonical.origin}.`;
      return undefined;
    }
    ctx.status = 421;
    ctx.type = 'text';
    ctx.body = `This service answers at ${canonical.origin} only. If you run it behind a proxy, pass the original Host header on.\n`;
    return undefined;
  };
}
