import type { Middleware } from 'koa';

export interface ResponseHeadersOptions {
  /** Sends `Strict-Transport-Security`; only where the origin is https. */
  readonly https: boolean;
}

/** An API's answers are data for programs: no browser may run, frame, guess at or keep them. */
export function responseHeaders({ https }: ResponseHeadersOptions): Middleware {
  return async (ctx, next) => {
    ctx.set('Cache-Control', 'no-store');
    ctx.set('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
    ctx.set('X-Content-Type-Options', 'nosniff');
    ctx.set('Cross-Origin-Resource-Policy', 'same-origin');
    ctx.set('Referrer-Policy', 'no-referrer');
    if (https) ctx.set('Strict-Transport-Security', 'max-age=31536000; includeSubDomains');
    await next();
  };
}
