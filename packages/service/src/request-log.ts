import type { Middleware } from 'koa';
import type { Logger } from './logger.ts';

/** Probes and files come so often that they would drown the rest. */
const quiet = /^\/(livez|readyz|metrics|assets\/)/;

/**
 * One line per request: method, path without the query (codes and tokens live there) and long random parts, status and time in milliseconds.
 * An error that nobody answered is logged with its cause and answered as 500 by `onError`.
 */
export function requestLog(
  logger: Logger,
  onError: (ctx: Parameters<Middleware>[0], error: unknown) => Promise<void>,
): Middleware {
  return async (ctx, next) => {
    const started = performance.now();
    try {
      await next();
    } catch (error) {
      // NOTE: a body that does not unpack is the sender's mistake, but zlib's error does not say so.
      if (/^Z_/.test(String((error as { code?: unknown }).code))) Object.assign(error as Error, { status: 400 });
      const status = (error as { status?: unknown }).status;
      const refused = typeof status === 'number' && status >= 400 && status < 500;
      // NOTE: whoever says 503 has said why already, once for all the requests that it meets.
      if (!refused && status !== 503)
        logger.error({ err: error, method: ctx.method, path: loggedPath(ctx.path) }, 'request failed');
      await onError(ctx, error);
    }
    if (quiet.test(ctx.path)) return;
    const ms = Math.round(performance.now() - started);
    if (logger.isLevelEnabled?.('info') === false) return;
    const path = loggedPath(ctx.path);
    logger.info({ method: ctx.method, path, status: ctx.status, ms }, `${ctx.method} ${path} ${ctx.status}`);
  };
}

/** Long random parts of an address may open something; their beginning is enough to follow a request. */
function loggedPath(path: string): string {
  return path.replaceAll(/(\/[A-Za-z0-9_-]{6})[A-Za-z0-9_-]{14,}/g, '$1…');
}
