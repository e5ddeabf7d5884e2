import type { Middleware } from 'koa';

export interface SecurityHeadersOptions {
  /** Sends `Strict-Transport-Security`; only where the origin is https. */
  readonly https: boolean;
}

/**
 * NOTE: there is no `form-action`. Chromium checks it along the whole redirect chain of a form, and the chain of a
 * consent form ends at the client's redirect URI, which may be any https origin or an app's own scheme.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Headers for everything the app answers. A route may loosen its own policy afterwards. */
export function securityHeaders({ https }: SecurityHeadersOptions): Middleware {
  return async (ctx, next) => {
    ctx.set('Content-Security-Policy', contentSecurityPolicy);
    ctx.set('X-Content-Type-Options', 'nosniff');
    ctx.set('X-Frame-Options', 'DENY');
    ctx.set('Referrer-Policy', 'no-referrer');
    ctx.set('Cross-Origin-Opener-Policy', 'same-origin');
    ctx.set('Permissions-Policy', 'camera=(), geolocation=(), microphone=()');
    if (https) ctx.set('Strict-Transport-Security', 'max-age=31536000; includeSubDomains');
    await next();
  };
}
