import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Context } from 'koa';

/*
 * The engine's cookies for an interaction carry its uid, and the uid stands in the address: in a history, a proxy's log,
 * a link that somebody passes on. Whoever knew it could answer in another's place. So each interaction is bound to the
 * browser that began it by a second cookie, which is never in an address; the server keeps a digest of it.
 */

export interface BrowserBinding {
  /** Gives the browser a cookie for the interaction's addresses. @returns what to keep of it */
  bind(ctx: Context, paths: readonly string[], lifetime: number): string;
  /** Whether the request comes from the browser that was bound. */
  holds(ctx: Context, kept: string): boolean;
}

export function createBrowserBinding(https: boolean): BrowserBinding {
  const name = `${https ? '__Secure-' : ''}latchkey_binding`;
  const digest = (value: string) => createHash('sha256').update(value).digest('base64url');
  return {
    bind(ctx, paths, lifetime) {
      const value = randomBytes(32).toString('base64url');
      for (const path of paths) {
        const options = { httpOnly: true, sameSite: 'lax', secure: https, signed: false, overwrite: false } as const;
        ctx.cookies.set(name, value, { ...options, path, maxAge: lifetime * 1000 });
      }
      return digest(value);
    },
    holds(ctx, kept) {
      const value = ctx.cookies.get(name, { signed: false });
      return value !== undefined && timingSafeEqual(Buffer.from(digest(value)), Buffer.from(kept));
    },
  };
}
