/**
 * Signing in: from the button to the callback, and what is said when it does not work out. It hands a session over to
 * `session/`; how its tokens are kept fresh belongs to `tokens/`.
 */
import Router from '@koa/router';
import type { FlowReporter } from '@latchkey/flow-reports';
import type { Context, Middleware } from 'koa';
import type { BrowserSession } from '../session/browser-session.ts';
import type { ForgeryGuard } from '../session/forgery-guard.ts';
import { ownPath } from '../session/return-to.ts';
import type { Session, Sessions } from '../session/sessions.ts';
import { answerChecks } from './answer-checks.ts';
import type { AuthorizationWishes, createAuthorization, Prompt } from './authorization.ts';
import type { PendingActions } from './pending-action.ts';
import { requestedScopes, widenedScopes } from './scope-request.ts';
import { createSignInAnswers, type SignInAnswersOptions } from './sign-in-answers.ts';
import type { SignIn, SignIns } from './sign-ins.ts';
import { stepUpIn } from './step-up.ts';

export interface SignInRoutesOptions extends SignInAnswersOptions {
  readonly authorization: ReturnType<typeof createAuthorization>;
  readonly signIns: SignIns;
  readonly sessions: Sessions;
  readonly browserSession: BrowserSession;
  readonly pendingActions: PendingActions;
  readonly guard: ForgeryGuard;
  readonly formBody: Middleware;
  /** Told what was verified, where the flow is shown. */
  readonly verified?: FlowReporter['check'] | undefined;
}

/**
 * `GET /auth/sign-in` begins, `GET /auth/callback` ends it; both with a full page, and without script.
 *
 * `POST /auth/continue` begins it for an action that was refused for lack of a scope or of a fresh sign-in, and carries the
 * action out afterwards: `scope` (what the challenge named), `max_age` and `acr_values` (RFC 9470), `method`, `path` and
 * `body` of the action, `return_to`; and `actor`, by which it goes on for the same person if their session has ended.
 *
 * `GET /auth/check` asks the authorization server, without any page, whether the person is still signed in there
 * (`prompt=none`). It never signs anybody in who was not.
 */
export function signInRoutes(options: SignInRoutesOptions): Router {
  const { authorization, signIns, sessions, browserSession, pendingActions, guard, formBody, pages } = options;
  const { verified = () => {} } = options;
  const router = new Router();
  const answers = createSignInAnswers(options);

  router.get('/auth/sign-in', (ctx) =>
    begin(ctx, { scopes: requestedScopes(ctx.query.scope), prompt: promptIn(ctx) }, ownPath(ctx.query.return_to)),
  );

  router.post('/auth/continue', formBody, guard.formWrites, async (ctx) => {
    const form = ctx.request.body;
    const session = await browserSession.current(ctx);
    const returnTo = ownPath(field(form, 'return_to'));
    const wanted = requestedScopes(field(form, 'scope') ?? '').filter((scope) => scope !== 'openid');
    const action = pendingActions.read(form);
    if (!action) ctx.throw(400, 'This is nothing that this app can do for you.');
    // NOTE: whose it is must be known. Otherwise there is a sign-in, and then the list, and what is there to do then.
    const actor = session?.person.sub ?? pendingActions.actorIn(field(form, 'actor'));
    const scopes = session ? widenedScopes(session, wanted) : requestedScopes(undefined);
    const isNew = wanted.some((scope) => !session?.tokens.granted.includes(scope));
    const prompt = isNew ? 'consent' : undefined;
    return begin(ctx, { scopes, prompt, ...stepUpIn(form) }, returnTo, actor === undefined ? {} : { action, actor });
  });

  router.get('/auth/check', async (ctx) => {
    const session = await browserSession.current(ctx);
    const returnTo = ownPath(ctx.query.return_to);
    if (!session) {
      ctx.status = 303;
      ctx.set({ Location: returnTo, 'Cache-Control': 'no-store' });
      return undefined;
    }
    const check = { sub: session.person.sub };
    return begin(ctx, { scopes: widenedScopes(session, []), prompt: 'none' }, returnTo, { check });
  });

  async function begin(
    ctx: Context,
    wishes: AuthorizationWishes,
    returnTo: string,
    more: Pick<SignIn, 'action' | 'actor' | 'check'> = {},
  ): Promise<void> {
    const { scopes, maxAge } = wishes;
    try {
      const { url, state, ...secrets } = await authorization.request(wishes);
      // NOTE: the session cookie is not sent along with the callback, so what the new session replaces is noted now.
      const replaces = (await browserSession.current(ctx))?.id;
      await signIns.begin(ctx, state, { ...secrets, ...more, scopes, maxAge, returnTo, replaces });
      ctx.status = 303;
      ctx.set({ Location: url.href, 'Cache-Control': 'no-store' });
    } catch (error) {
      await answers.notBegun(ctx, error, { scopes, returnTo });
    }
  }

  router.get('/auth/callback', async (ctx) => {
    ctx.set('Cache-Control', 'no-store');
    const state = ctx.query.state;
    const signIn = typeof state === 'string' ? await signIns.take(ctx, state) : undefined;
    verified([{ name: 'state', outcome: signIn ? 'passed' : 'failed' }]);
    if (typeof state !== 'string' || !signIn) return answerStale(ctx);
    try {
      const { content, sid } = await authorization.exchange(ctx.search, state, signIn);
      noteChecks(ctx);
      if (signIn.check && signIn.check.sub !== content.person.sub) {
        // NOTE: somebody else is. Their tokens are kept nowhere.
        return answers.checked(ctx, signIn, false);
      }
      await endReplaced(ctx, signIn);
      const cookie = await sessions.start(content, sid);
      browserSession.hand(ctx, cookie);
      const session = await sessions.read(sessions.idOf(cookie));
      await answerSignedIn(ctx, signIn, session);
    } catch (error) {
      noteChecks(ctx, error);
      await answers.failed(ctx, error, signIn);
    }
    return undefined;
  });

  function noteChecks(ctx: Context, error?: unknown): void {
    const { received, sent } = answerChecks(ctx.query.iss !== undefined, error);
    verified(received);
    verified(sent, 'sent');
  }

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

  async function answerSignedIn(ctx: Context, { action, actor, returnTo }: SignIn, session: Session | undefined) {
    if (!action || !session) return answers.signedIn(ctx, returnTo);
    const isTheirs = session.person.sub === actor;
    return answers.signedIn(ctx, returnTo, isTheirs ? await pendingActions.carryOut(session, action) : 'not-yours');
  }

  async function answerStale(ctx: Context): Promise<void> {
    const session = await browserSession.current(ctx);
    const locals = { title: 'This sign-in is over', signedIn: session !== undefined, again: '/auth/sign-in' };
    await pages.render(ctx, 'demo-client/sign-in-stale', locals, 400);
  }

  return router;
}

/** Only prompts that ask the person something: `none` has an address of its own. */
function promptIn(ctx: Context): Prompt | undefined {
  const prompt = ctx.query.prompt;
  return prompt === 'consent' || prompt === 'login' ? prompt : undefined;
}

function field(form: unknown, name: string): string | undefined {
  const value: unknown = typeof form === 'object' && form !== null ? Reflect.get(form, name) : undefined;
  return typeof value === 'string' ? value : undefined;
}
