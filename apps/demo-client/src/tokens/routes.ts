import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import type { BrowserSession } from '../session/browser-session.ts';
import type { ForgeryGuard } from '../session/forgery-guard.ts';
import { ownPath } from '../session/return-to.ts';
import type { Sessions } from '../session/sessions.ts';
import { type RefreshMode, refreshModes } from '../settings.ts';
import { secondsLeft } from './refresh-decision.ts';
import type { Renewal } from './renewal.ts';

export interface TokenRoutesOptions {
  readonly browserSession: BrowserSession;
  readonly sessions: Pick<Sessions, 'chooseRefreshMode'>;
  readonly renewal: Renewal;
  readonly guard: ForgeryGuard;
  readonly formBody: Middleware;
  readonly now: () => number;
}

/**
 * `GET /auth/session` tells script who is signed in and how long the token lasts, never a token. It does not count as
 * being there, so a page that asks every minute keeps nobody signed in.
 * `POST /auth/refresh` renews now, whatever the token's age: script gets JSON, a form goes back to the list.
 * `POST /auth/refresh-mode` chooses when this session's tokens are renewed (`mode`), and goes back to `return_to`.
 */
export function tokenRoutes(options: TokenRoutesOptions): Router {
  const { browserSession, sessions, renewal, guard, formBody, now } = options;
  const router = new Router();

  router.get('/auth/session', async (ctx) => {
    ctx.set('Cache-Control', 'no-store');
    const session = await browserSession.current(ctx);
    if (!session) {
      ctx.body = { signed_in: false };
      return;
    }
    const { person, tokens, requested } = session;
    ctx.body = {
      signed_in: true,
      ...person,
      scopes: tokens.granted,
      scopes_not_granted: requested.filter((scope) => !tokens.granted.includes(scope)),
      access_token_expires_in: secondsLeft(tokens, now()),
      session_expires_in: Math.floor((Math.min(session.idleEndsAt, session.endsAt) - now()) / 1000),
      refresh_mode: session.refreshMode,
    };
  });

  router.post('/auth/refresh', formBody, guard.formWrites, async (ctx) => {
    ctx.set('Cache-Control', 'no-store');
    const session = await browserSession.current(ctx);
    const renewed = session ? await renewal.renew(session) : ({ kind: 'ended' } as const);
    if (ctx.get('X-CSRF') !== '1') {
      ctx.status = 303;
      ctx.set('Location', renewed.kind === 'unavailable' ? '/?notice=not-renewed' : '/');
      return;
    }
    switch (renewed.kind) {
      case 'fresh':
        ctx.body = { refreshed: true, access_token_expires_in: secondsLeft(renewed.session.tokens, now()) };
        return;
      case 'ended':
        ctx.status = 401;
        ctx.body = { error: 'unauthorized', error_description: 'Not authenticated' };
        return;
      case 'unavailable':
        ctx.status = 503;
        ctx.set('Retry-After', '2');
        ctx.body = { error: 'temporarily_unavailable', error_description: 'The tokens could not be renewed just now' };
    }
  });

  router.post('/auth/refresh-mode', formBody, guard.formWrites, async (ctx) => {
    ctx.set('Cache-Control', 'no-store');
    const mode = refreshModes.find((each) => each === fieldOf(ctx, 'mode'));
    if (!mode) ctx.throw(400, `mode must be one of ${refreshModes.join(', ')}.`);
    const session = await browserSession.current(ctx);
    if (session) await sessions.chooseRefreshMode(session, mode as RefreshMode);
    if (ctx.get('X-CSRF') !== '1') {
      ctx.status = 303;
      ctx.set('Location', ownPath(fieldOf(ctx, 'return_to')));
    } else if (session) ctx.body = { refresh_mode: mode };
    else {
      ctx.status = 401;
      ctx.body = { error: 'unauthorized', error_description: 'Not authenticated' };
    }
  });

  return router;
}

function fieldOf(ctx: Context, name: string): unknown {
  const { body } = ctx.request;
  return typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
}
