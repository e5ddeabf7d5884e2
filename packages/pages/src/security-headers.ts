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
  const headers = [
    ['Content-Security-Policy', contentSecurityPolicy],
    ['X-Content-Type-Options', 'nosniff'],
    ['X-Frame-Options', 'DENY'],
    ['Referrer-Policy', 'no-referrer'],
    ['Cross-Origin-Opener-Policy', 'same-origin'],
    ['Permissions-Policy', 'camera=(), geolocation=(), microphone=()'],
    ...(https ? ([['Strict-Transport-Security', 'max-age=31536000; includeSubDomains']] as const) : []),
  ] as const;
  return (ctx, next) => {
    for (const [name, value] of headers) ctx.res.setHeader(name, value);
    return next();
  };
}
