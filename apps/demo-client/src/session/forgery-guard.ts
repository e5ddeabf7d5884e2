import type { FlowReporter } from '@latchkey/flow-reports';
import { csrfField, csrfToken, verifyCsrf } from '@latchkey/pages';
import type { Context, Next } from 'koa';
import type { BrowserSession } from './browser-session.ts';

export interface ForgeryGuard {
  /** For what only script calls: the write must carry `X-CSRF: 1`, which no other origin can add without asking. */
  scriptWrites(ctx: Context, next: Next): Promise<unknown>;
  /** For what forms post to as well: the hidden token does instead. Runs after the body was read. */
  formWrites(ctx: Context, next: Next): Promise<unknown>;
  /**
   * The same for a form whose page may have grown old: signed in or out in another tab, its token is of a session that
   * is gone. Nothing is written, and `old` says how to go on; another site's page is refused all the same.
   */
  formWritesUnlessOld(old: (ctx: Context) => void): (ctx: Context, next: Next) => Promise<unknown>;
  /** Name and value of the hidden field. */
  formToken(ctx: Context): { readonly name: string; readonly value: string };
}

export interface ForgeryGuardOptions {
  readonly browserSession: BrowserSession;
  readonly csrfKey: Uint8Array;
  readonly publicUrl: string;
  /** Told what was verified, where the flow is shown. */
  readonly verified?: FlowReporter['check'] | undefined;
}

const safeMethods = new Set(['GET', 'HEAD']);

/** Refuses writes that another site's page made. Browsers say where a request comes from; the token covers those that do not. */
export function createForgeryGuard(options: ForgeryGuardOptions): ForgeryGuard {
  const { browserSession, csrfKey, publicUrl, verified } = options;
  const carriesHeader = (ctx: Context) => ctx.get('X-CSRF') === '1';
  const carriesToken = (ctx: Context) => {
    const body = ctx.request.body;
    const presented = typeof body === 'object' && body !== null ? Reflect.get(body, csrfField) : undefined;
    return verifyCsrf(csrfKey, browserSession.cookie(ctx), presented);
  };
  const found = (outcome: 'passed' | 'failed') => verified?.([{ name: 'csrf', outcome }]);
  const refuse = (ctx: Context) => {
    found('failed');
    return ctx.throw(403, 'This request did not come from a page of this app, so it was not carried out.');
  };

  return {
    async scriptWrites(ctx, next) {
      if (isForeign(senderOf(ctx), publicUrl)) refuse(ctx);
      if (safeMethods.has(ctx.method)) return next();
      if (!carriesHeader(ctx)) refuse(ctx);
      found('passed');
      return next();
    },
    async formWrites(ctx, next) {
      if (isForeign(senderOf(ctx), publicUrl)) refuse(ctx);
      if (!carriesHeader(ctx) && !carriesToken(ctx)) refuse(ctx);
      found('passed');
      return next();
    },
    formWritesUnlessOld: (old) => async (ctx, next) => {
      if (isForeign(senderOf(ctx), publicUrl)) refuse(ctx);
      if (carriesHeader(ctx) || carriesToken(ctx)) {
        found('passed');
        return next();
      }
      return isOwn(senderOf(ctx), publicUrl) ? old(ctx) : refuse(ctx);
    },
    formToken: (ctx) => ({ name: csrfField, value: csrfToken(csrfKey, browserSession.cookie(ctx)) }),
  };
}

/** What a browser says about where a request comes from; empty where it says nothing. */
interface Sender {
  readonly site: string;
  readonly origin: string;
}

function senderOf(ctx: Context): Sender {
  return { site: ctx.get('Sec-Fetch-Site'), origin: ctx.get('Origin') };
}

/** The browser says that one of our own pages sent this. */
function isOwn({ site, origin }: Sender, publicUrl: string): boolean {
  return site === 'same-origin' || origin === publicUrl;
}

/**
 * `same-site` is foreign too: on localhost, every other port is the same site. A browser that sends neither header is
 * an old one, and the token decides.
 */
export function isForeign({ site, origin }: Sender, publicUrl: string): boolean {
  if (site !== '' && site !== 'same-origin' && site !== 'none') return true;
  return origin !== '' && origin !== publicUrl;
}
