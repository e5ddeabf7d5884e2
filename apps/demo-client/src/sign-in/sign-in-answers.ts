import type { Pages } from '@latchkey/pages';
import type { Logger } from '@latchkey/service';
import type { Context } from 'koa';
import { IssuerUnavailableError } from '../issuer/issuer.ts';
import { isOutage, refusalCode } from '../issuer/refusal.ts';
import type { Sessions } from '../session/sessions.ts';
import type { SignIn } from './sign-ins.ts';

export interface SignInAnswersOptions {
  readonly sessions: Pick<Sessions, 'end'>;
  readonly pages: Pages;
  /** A page that sends the browser on by itself. */
  readonly hopPages: Pages;
  readonly logger: Logger;
}

type Wanted = Pick<SignIn, 'scopes' | 'returnTo'>;

/** How a sign-in may end: what the person is told, and where they are taken. */
export function createSignInAnswers({ sessions, pages, hopPages, logger }: SignInAnswersOptions) {
  /**
   * A page, not a redirect: along a redirect that another site started, the browser would hold back the cookie that it
   * has just been given (`SameSite=Strict`). A page of our own that navigates on is not another site.
   */
  async function signedIn(ctx: Context, returnTo: string, notice?: string): Promise<void> {
    const next = withNotice(returnTo, notice);
    await hopPages.render(ctx, 'demo-client/signed-in', { title: 'You are signed in', next });
  }

  /** The answer to a quiet question. The cookie stays, so that a session that has ended is told to have ended. */
  async function checked(ctx: Context, { replaces, returnTo }: SignIn, still: boolean | 'unknown'): Promise<void> {
    if (still === false && replaces !== undefined) await sessions.end(replaces);
    const next = withNotice(returnTo, still === 'unknown' ? 'not-checked' : undefined);
    await hopPages.render(ctx, 'demo-client/one-moment', { title: 'One moment', next });
  }

  async function failed(ctx: Context, error: unknown, signIn: SignIn): Promise<void> {
    const code = refusalCode(error);
    const isAway = error instanceof IssuerUnavailableError || isOutage(error);
    if (signIn.check) {
      logger.info({ error: code }, 'asked whether somebody is still signed in');
      // OpenID Connect Core 1.0, section 3.1.2.6: the other answers mean that the person is there, and would be asked.
      return checked(ctx, signIn, code === 'login_required' ? false : isAway ? 'unknown' : true);
    }
    const again = signInAddress(signIn);
    if (code === 'access_denied') {
      const isSignedIn = signIn.replaces !== undefined;
      await pages.render(ctx, 'demo-client/not-allowed', {
        title: 'Nothing was allowed',
        again,
        signedIn: isSignedIn,
      });
      return undefined;
    }
    if (isAway) return outage(ctx, error, signIn);
    return refused(ctx, error, signIn);
  }

  /** The request could not be made: the server is away, or does not take it. */
  async function notBegun(ctx: Context, error: unknown, wanted: Wanted): Promise<void> {
    if (error instanceof IssuerUnavailableError || isOutage(error)) return outage(ctx, error, wanted);
    // NOTE: only pushed requests meet a refusal here; anything else is a mistake of ours.
    if (refusalCode(error) === undefined) throw error;
    return refused(ctx, error, wanted);
  }

  async function refused(ctx: Context, error: unknown, wanted: Wanted): Promise<void> {
    const code = refusalCode(error);
    logger.warn({ err: error, error: code }, 'sign-in failed');
    const locals = {
      title: 'You could not be signed in',
      again: signInAddress(wanted),
      error: code ?? 'invalid_response',
    };
    await pages.render(ctx, 'demo-client/sign-in-failed', locals, 400);
  }

  async function outage(ctx: Context, error: unknown, wanted: Wanted): Promise<void> {
    logger.warn({ err: error }, 'the authorization server does not answer');
    ctx.set('Retry-After', '5');
    const locals = { title: 'Signing in is not possible right now', again: signInAddress(wanted) };
    await pages.render(ctx, 'demo-client/sign-in-away', locals, 503);
  }

  return { signedIn, checked, failed, notBegun };
}

function signInAddress({ scopes, returnTo }: Wanted): string {
  return `/auth/sign-in?${new URLSearchParams({ scope: scopes.join(' '), return_to: returnTo })}`;
}

/** @param path an own one */
function withNotice(path: string, notice: string | undefined): string {
  if (notice === undefined) return path;
  const url = new URL(path, 'http://own.invalid');
  url.searchParams.set('notice', notice);
  return url.pathname + url.search + url.hash;
}
