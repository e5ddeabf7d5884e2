import type { Middleware } from 'koa';
import type { Metrics } from './metrics.ts';

export interface ProbesOptions {
  /** Rejects while the app cannot do its work; the reason goes to the log, not to the stranger who asks. */
  readonly ready: () => Promise<void>;
  readonly metrics: Metrics;
  readonly onNotReady: (error: unknown) => void;
}

/**
 * `GET /livez` (the process answers), `GET /readyz` (it can do its work; 503 otherwise) and `GET /metrics`.
 * Mounted before the Host check, since probes come by address.
 */
export function probes({ ready, metrics, onNotReady }: ProbesOptions): Middleware {
  return async (ctx, next) => {
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') return next();
    switch (ctx.path) {
      case '/livez':
        ctx.set('Cache-Control', 'no-store');
        ctx.body = { status: 'ok' };
        return undefined;
      case '/readyz':
        ctx.set('Cache-Control', 'no-store');
        try {
          await ready();
          ctx.body = { status: 'ok' };
        } catch (error) {
          onNotReady(error);
          ctx.status = 503;
          ctx.set('Retry-After', '1');
          ctx.body = { status: 'unavailable' };
        }
        return undefined;
      case '/metrics':
        ctx.set('Cache-Control', 'no-store');
        ctx.type = metrics.contentType;
        ctx.body = await metrics.text();
        return undefined;
      default:
        return next();
    }
  };
}
