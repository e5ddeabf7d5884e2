import Router from '@koa/router';
import type { FlowReporter } from '@latchkey/flow-reports';
import type { Logger } from '@latchkey/service';
import type { JWTVerifyGetKey } from 'jose';
import type { Context, Middleware } from 'koa';
import { IssuerUnavailableError } from '../issuer/issuer.ts';
import { readLogoutToken } from './logout-token.ts';
import type { LogoutTokens } from './logout-tokens.ts';
import type { Sessions } from './sessions.ts';

export interface BackchannelRoutesOptions {
  readonly sessions: Sessions;
  readonly logoutTokens: LogoutTokens;
  readonly issuerKeys: JWTVerifyGetKey;
  readonly issuer: string;
  readonly clientId: string;
  readonly formBody: Middleware;
  readonly logger: Logger;
  readonly now: () => number;
  /** Told what was verified, where the flow is shown. */
  readonly verified?: FlowReporter['check'] | undefined;
}

/**
 * OpenID Connect Back-Channel Logout 1.0: the authorization server says, without any browser, that somebody has signed
 * out. Whoever holds a logout token signed by it may send it, so neither cookie nor origin counts here.
 */
export function backchannelRoutes(options: BackchannelRoutesOptions): Router {
  const { sessions, logoutTokens, issuerKeys, issuer, clientId, formBody, logger, now, verified } = options;
  const router = new Router();

  router.post('/auth/backchannel-logout', formBody, async (ctx) => {
    ctx.set('Cache-Control', 'no-store');
    const token = logoutTokenIn(ctx);
    if (token === undefined) return refuse(ctx, 'logout_token is missing');
    try {
      const order = await readLogoutToken(token, { keys: issuerKeys, issuer, clientId, now: now() });
      const isNew = order !== undefined && (await logoutTokens.remember(order.jti, order.exp));
      verified?.([{ name: 'logout_token', outcome: isNew ? 'passed' : 'failed' }]);
      if (!order) return refuse(ctx, 'the logout token is not valid');
      if (!isNew) return refuse(ctx, 'the logout token was used before');
      const ended = await sessions.endByLogout(order);
      logger.info({ ended }, 'signed out by the authorization server');
      ctx.status = 200;
      ctx.body = '';
    } catch (error) {
      if (!(error instanceof IssuerUnavailableError)) throw error;
      logger.warn({ err: error }, 'a logout token could not be checked');
      ctx.status = 503;
      ctx.set('Retry-After', '2');
      ctx.body = { error: 'temporarily_unavailable' };
    }
    return undefined;
  });

  return router;
}

function logoutTokenIn(ctx: Context): string | undefined {
  const body = ctx.request.body;
  const token: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'logout_token') : undefined;
  return typeof token === 'string' && token !== '' ? token : undefined;
}

/** Section 2.8: 400, with the reason as an OAuth error. */
function refuse(ctx: Context, description: string): void {
  ctx.status = 400;
  ctx.body = { error: 'invalid_request', error_description: description };
}
