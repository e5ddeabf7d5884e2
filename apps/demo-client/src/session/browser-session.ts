import type { FlowReporter } from '@latchkey/flow-reports';
import type { Context } from 'koa';
import type { Session, Sessions } from './sessions.ts';

/** The session of the browser that asks, by its cookie. */
export interface BrowserSession {
  /** The cookie's value, or the empty string; forms are tied to it. */
  cookie(ctx: Context): string;
  /** Whether the browser holds a cookie at all: if so and there is no session, the session has ended. */
  isKnown(ctx: Context): boolean;
  current(ctx: Context): Promise<Session | undefined>;
  hand(ctx: Context, cookie: string): void;
  forget(ctx: Context): void;
}

/**
 * The cookie is out of script's reach and comes back only on requests that our own pages make (`SameSite=Strict`). On
 * https the `__Host-` prefix keeps neighbouring subdomains from planting one.
 *
 * @param maxAge of the cookie, milliseconds
 * @param verified told what was verified, where the flow is shown
 */
export function createBrowserSession(
  sessions: Sessions,
  publicUrl: string,
  maxAge: number,
  verified?: FlowReporter['check'],
): BrowserSession {
  const https = publicUrl.startsWith('https:');
  const name = https ? '__Host-latchkey_demo' : 'latchkey_demo';
  const attributes = { httpOnly: true, sameSite: 'strict', secure: https, path: '/', overwrite: true } as const;
  const read = (ctx: Context) => ctx.cookies.get(name) ?? '';

  return {
    cookie: read,
    isKnown: (ctx) => read(ctx) !== '',
    async current(ctx) {
      const cookie = read(ctx);
      if (cookie === '') return undefined;
      const session = await sessions.read(sessions.idOf(cookie));
      verified?.([{ name: 'session', outcome: session ? 'passed' : 'failed' }]);
      return session;
    },
    hand(ctx, cookie) {
      // NOTE: TLS may end in front of us; what the browser sees is what counts.
      ctx.cookies.secure = https;
      ctx.cookies.set(name, cookie, { ...attributes, maxAge });
    },
    forget(ctx) {
      ctx.cookies.secure = https;
      ctx.cookies.set(name, '', { ...attributes, expires: new Date(0) });
    },
  };
}
