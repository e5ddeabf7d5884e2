import Router from '@koa/router';
import type { Pages } from '@latchkey/pages';
import type { Logger } from '@latchkey/service';
import type { Middleware } from 'koa';
import * as oidc from 'openid-client';
import type { Issuer } from '../issuer/issuer.ts';
import { revokeQuietly } from '../issuer/revocation.ts';
import type { BrowserSession } from './browser-session.ts';
import type { ForgeryGuard } from './forgery-guard.ts';
import type { Sessions } from './sessions.ts';

export interface SignOutRoutesOptions {
  readonly browserSession: BrowserSession;
  readonly sessions: Sessions;
  readonly guard: ForgeryGuard;
  readonly formBody: Middleware;
  readonly issuer: Issuer;
  readonly publicUrl: string;
  readonly pages: Pages;
  readonly logger: Logger;
}

/**
 * Signing out: our session first, so that it holds whatever else fails; then the tokens (RFC 7009); then the
 * session at the authorization server (OpenID Connect RP-Initiated Logout 1.0), which sends the browser back here.
 */
export function signOutRoutes(options: SignOutRoutesOptions): Router {
  const { browserSession, sessions, guard, formBody, issuer, publicUrl, pages, logger } = options;
  const router = new Router();

  router.post('/auth/sign-out', formBody, guard.formWrites, async (ctx) => {
    const session = await browserSession.current(ctx);
    browserSession.forget(ctx);
    ctx.set('Cache-Control', 'no-store');
    ctx.status = 303;
    ctx.set('Location', '/auth/signed-out');
    if (!session) return;

    await sessions.endWithSiblings(session.id);
    const reached = await revokeQuietly(issuer, session.tokens, logger);
    ctx.set('Location', (reached && (await endSessionAddress())) || '/auth/signed-out?where=here');
  });

  /**
   * Undefined when the server is away, or has no such endpoint. The client is named by its id: an `id_token_hint` would
   * put a token into the browser's address bar and history, and the server asks the person either way.
   */
  async function endSessionAddress(): Promise<string | undefined> {
    try {
      return oidc.buildEndSessionUrl(await issuer.configuration(), {
        post_logout_redirect_uri: `${publicUrl}/auth/signed-out`,
        state: oidc.randomState(),
      }).href;
    } catch (error) {
      logger.warn({ err: error }, 'signed out here only');
      return undefined;
    }
  }

  // NOTE: the state that comes back is not checked: this page changes nothing, whoever sends a browser to it.
  router.get('/auth/signed-out', async (ctx) => {
    await pages.render(ctx, 'demo-client/signed-out', {
      title: 'You are signed out',
      onlyHere: ctx.query.where === 'here',
    });
  });

  return router;
}
