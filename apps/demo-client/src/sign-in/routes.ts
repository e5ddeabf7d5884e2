/**
 * Signing in: from the button to the callback, and what is said when it does not work out. It hands a session over to
 * `session/`; how its tokens are kept fresh belongs to `tokens/`.
 */
import Router from '@koa/router';
import type { Pages } from '@latchkey/pages';
import type { Logger } from '@latchkey/service';
import type { Context } from 'koa';
import { IssuerUnavailableError } from '../issuer/issuer.ts';
import { isOutage, refusalCode } from '../issuer/refusal.ts';
import type { BrowserSession } from '../session/browser-session.ts';
import { ownPath } from '../session/return-to.ts';
import type { Sessions } from '../session/sessions.ts';
import type { createAuthorization, Prompt } from './authorization.ts';
import { requestedScopes } from './scope-request.ts';
import type { SignIn, SignIns } from './sign-ins.ts';

export interface SignInRoutesOptions {
  readonly authorization: ReturnType<typeof createAuthorization>;
  readonly signIns: SignIns;
  readonly sessions: Sessions;
  readonly browserSession: BrowserSession;
  readonly pages: Pages;
  /** A page that sends the browser on by itself. */
  readonly hopPages: Pages;
  readonly logger: Logger;
}

export function signInRoutes(options: SignInRoutesOptions): Router {
  const { authorization, signIns, sessions, browserSession, pages, hopPages, logger } = options;
  const router = new Router();

  router.get('/auth/sign-in', async (ctx) => {
    const scopes = requestedScopes(ctx.query.scope);
    const returnTo = ownPath(ctx.query.return_to);
    try {
      const { url, state, codeVerifier, nonce } = await authorization.request(scopes, promptIn(ctx));
      // NOTE: the session cookie is not sent along with the callback, so what the new session replaces is noted now.
      const replaces = (await browserSession.current(ctx))?.id;
      await signIns.begin(ctx, state, { codeVerifier, nonce, scopes, returnTo, replaces });
      ctx.status = 303;
      ctx.set({ Location: url.href, 'Cache-Control': 'no-store' });
    } catch (error) {
      if (!(error instanceof IssuerUnavailableError)) throw error;
      await answerOutage(ctx, error, { scopes, returnTo });
    }
  });

  router.get('/auth/callback', async (ctx) => {
    ctx.set('Cache-Control', 'no-store');
    const state = ctx.query.state;
    const signIn = typeof state === 'string' ? await signIns.take(ctx, state) : undefined;
    if (typeof state !== 'string' || !signIn) return answerStale(ctx);
    try {
      const { content, sid } = await authorization.exchange(ctx.search, state, signIn);
      await endReplaced(ctx, signIn);
      browserSession.hand(ctx, await sessions.start(content, sid));
      await answerSignedIn(ctx, signIn);
    } catch (error) {
      await answerFailed(ctx, error, signIn);
    }
    return undefined;
  });

  /**
   * A session id never outlives a sign-in: one that somebody planted before would be theirs as well afterwards. The old
   * refresh token is not revoked, since that would take the same grant's new tokens with it; it goes with its row.
   * A session that another tab has begun meanwhile is still on its way to that tab, so it is given time to arrive.
   */
  async function endReplaced(ctx: Context, { replaces }: SignIn): Promise<void> {
    const present = await browserSession.current(ctx);
    if (replaces !== undefined) await sessions.end(replaces);
    if (present && present.id !== replaces) await sessions.retire(present.id);
  }

  /**
   * A page, not a redirect: along a redirect that another site started, the browser would hold back the cookie that it
   * has just been given (`SameSite=Strict`). A page of our own that navigates on is not another site.
   */
  async function answerSignedIn(ctx: Context, { returnTo }: SignIn): Promise<void> {
    await hopPages.render(ctx, 'demo-client/signed-in', { title: 'You are signed in', next: returnTo });
  }

  async function answerStale(ctx: Context): Promise<void> {
    const session = await browserSession.current(ctx);
    const locals = { title: 'This sign-in is over', signedIn: session !== undefined, again: '/auth/sign-in' };
    await pages.render(ctx, 'demo-client/sign-in-stale', locals, 400);
  }

  async function answerFailed(ctx: Context, error: unknown, signIn: SignIn): Promise<void> {
    const again = signInAddress(signIn);
    const code = refusalCode(error);
    if (code === 'access_denied') {
      const signedIn = signIn.replaces !== undefined;
      await pages.render(ctx, 'demo-client/not-allowed', { title: 'Nothing was allowed', again, signedIn });
      return;
    }
    if (error instanceof IssuerUnavailableError || isOutage(error)) return answerOutage(ctx, error, signIn);
    logger.warn({ err: error, error: code }, 'sign-in failed');
    const locals = { title: 'You could not be signed in', again, error: code ?? 'invalid_response' };
    await pages.render(ctx, 'demo-client/sign-in-failed', locals, 400);
  }

  async function answerOutage(
    ctx: Context,
    error: unknown,
    wanted: Pick<SignIn, 'scopes' | 'returnTo'>,
  ): Promise<void> {
    logger.warn({ err: error }, 'the authorization server does not answer');
    ctx.set('Retry-After', '5');
    const locals = { title: 'Signing in is not possible right now', again: signInAddress(wanted) };
    await pages.render(ctx, 'demo-client/sign-in-away', locals, 503);
  }

  return router;
}

/** Only prompts that ask the person something: `none` would turn a link into an error. */
function promptIn(ctx: Context): Prompt | undefined {
  const prompt = ctx.query.prompt;
  return prompt === 'consent' || prompt === 'login' ? prompt : undefined;
}

function signInAddress({ scopes, returnTo }: Pick<SignIn, 'scopes' | 'returnTo'>): string {
  return `/auth/sign-in?${new URLSearchParams({ scope: scopes.join(' '), return_to: returnTo })}`;
}
