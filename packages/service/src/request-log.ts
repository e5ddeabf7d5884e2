import type { Middleware } from 'koa';
import type { Logger } from './logger.ts';

/** Probes and files come so often that they would drown the rest. */
const quiet = /^\/(livez|readyz|metrics|assets\/)/;

/**
 * One line per request: method, path without the query (codes and tokens live there), status and time in milliseconds.
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
      const status = (error as { status?: unknown }).status;
      const refused = typeof status === 'number' && status >= 400 && status < 500;
      if (!refused) logger.error({ err: error, method: ctx.method, path: ctx.path }, 'request failed');
      await onError(ctx, error);
    }
    if (quiet.test(ctx.path)) return;
    const ms = Math.round(performance.now() - started);
    logger.info(
      { method: ctx.method, path: ctx.path, status: ctx.status, ms },
      `${ctx.method} ${ctx.path} ${ctx.status}`,
    );
  };
}
