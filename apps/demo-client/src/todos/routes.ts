/**
 * The todo list: its page, the forms on it, and the way for script to the API. It owns no todo: those are the API's,
 * and whether somebody may see them is decided there.
 */
import Router from '@koa/router';
import type { Pages } from '@latchkey/pages';
import { todosScopes } from '@latchkey/scope-catalogue';
import type { Context, Middleware } from 'koa';
import type { BrowserSession } from '../session/browser-session.ts';
import type { ForgeryGuard } from '../session/forgery-guard.ts';
import type { Session, Sessions } from '../session/sessions.ts';
import type { PendingAction } from '../sign-in/pending-action.ts';
import { defaultScopes, identityScopes } from '../sign-in/scope-request.ts';
import type { ChallengeNeeds } from './challenge-needs.ts';
import type { SentForms } from './sent-forms.ts';
import { type Mending, type PageWords, todoPage } from './todo-page.ts';
import type { Answer, TodosApi } from './todos-api.ts';

export interface TodoRoutesOptions {
  readonly browserSession: BrowserSession;
  readonly sessions: Sessions;
  readonly todosApi: TodosApi;
  readonly sentForms: SentForms;
  readonly guard: ForgeryGuard;
  readonly formBody: Middleware;
  readonly pages: Pages;
  readonly now: () => number;
}

const notices: Readonly<Record<string, string>> = {
  'old-page':
    'This page was old: you have signed in or out in another tab since. Nothing was changed; please try again.',
  done: 'Done: you have allowed it, and it was carried out.',
  'not-done': 'It could not be carried out just now. Please try it once more.',
  'still-not-allowed': 'It was not carried out, since you did not allow it, or your account may not.',
  'not-checked': 'The place where you sign in did not answer. You are still signed in here.',
  'not-renewed': 'The access could not be renewed just now. You are still signed in.',
};
const endedNotice = 'Your sign-in has ended. Sign in again to go on; nothing is lost.';

export function todoRoutes(options: TodoRoutesOptions): Router {
  const { browserSession, sessions, todosApi, sentForms, guard, formBody, pages, now } = options;
  const router = new Router();

  router.get('/', async (ctx) => {
    const session = await browserSession.current(ctx);
    const typed = field(ctx.query, 'title');
    if (!session) return showWelcome(ctx, typed, 200);
    await sessions.touch(session);
    return showTodos(ctx, session, { typed, notice: notices[field(ctx.query, 'notice')] });
  });

  const current = guard.formWritesUnlessOld((ctx) => {
    const typed = field(ctx.request.body, 'title').trim();
    const query = new URLSearchParams({ notice: 'old-page', ...(typed === '' ? {} : { title: typed }) });
    ctx.status = 303;
    ctx.set({ Location: `/?${query}`, 'Cache-Control': 'no-store' });
  });

  router.post('/todos', formBody, current, async (ctx) => {
    const body = ctx.request.body;
    const title = field(body, 'title').trim();
    const formId = field(body, 'form_id');
    const session = await browserSession.current(ctx);
    if (!session) return showWelcome(ctx, title, 401);
    if (title === '') return showTodos(ctx, session, { error: 'Write what there is to do first.' }, 422);
    if (!(await sentForms.begin(session.id, formId))) return toList(ctx);

    const answer = await todosApi.add(session, title);
    if (answer.kind !== 'done') {
      await sentForms.undo(session.id, formId);
      return showFailed(ctx, answer, { typed: title, action: addition(title) }, session);
    }
    await sentForms.done(session.id, formId);
    return toList(ctx);
  });

  // NOTE: the form says what is to be, not "the other way round": sent twice, it does the same.
  router.post('/todos/:id/complete', formBody, current, async (ctx) => {
    const session = await browserSession.current(ctx);
    if (!session) return showWelcome(ctx, '', 401);
    const completed = field(ctx.request.body, 'completed') === 'true';
    const answer = await todosApi.setCompleted(session, String(ctx.params.id), completed);
    const action = { method: 'PATCH', path: pathOf(ctx), body: JSON.stringify({ completed }) };
    return answer.kind === 'done' ? toList(ctx) : showFailed(ctx, answer, { action }, session);
  });

  router.post('/todos/:id/delete', formBody, current, async (ctx) => {
    const session = await browserSession.current(ctx);
    if (!session) return showWelcome(ctx, '', 401);
    const answer = await todosApi.remove(session, String(ctx.params.id));
    // What is gone already is as gone as it was to be.
    const gone = answer.kind === 'done' || (answer.kind === 'refused' && answer.status === 404);
    return gone ? toList(ctx) : showFailed(ctx, answer, { action: { method: 'DELETE', path: pathOf(ctx) } }, session);
  });

  function toList(ctx: Context): void {
    ctx.status = 303;
    ctx.set({ Location: '/', 'Cache-Control': 'no-store' });
  }

  async function showFailed(
    ctx: Context,
    answer: Exclude<Answer<undefined>, { kind: 'done' }>,
    { typed = '', action }: { readonly typed?: string; readonly action: PendingAction },
    session: Session,
  ): Promise<void> {
    if (answer.kind === 'ended') return showWelcome(ctx, typed, 401);
    if (answer.kind === 'away')
      return showTodos(ctx, session, { typed, error: 'This could not be saved just now. Try again in a moment.' }, 503);
    if (answer.needs) {
      const mend = mending(action, answer.needs);
      return showTodos(ctx, answer.session, { typed, mend, error: wordsFor(answer.needs) }, answer.status);
    }
    const error = answer.reason === '' ? 'This was not accepted.' : `This was not accepted: ${answer.reason}`;
    return showTodos(ctx, answer.session, { typed, error }, answer.status);
  }

  async function showTodos(ctx: Context, session: Session, said: PageWords, status = 200): Promise<void> {
    const mayRead = session.tokens.granted.includes('read:todos');
    const answer = mayRead ? await todosApi.list(session, field(ctx.query, 'more')) : undefined;
    if (answer?.kind === 'ended') return showWelcome(ctx, said.typed ?? '', 200);
    const shown = answer && 'session' in answer ? answer.session : session;
    const csrf = guard.formToken(ctx);
    const { person } = shown;
    const locals = {
      ...todoPage(shown, answer, said, now()),
      frame: 'page',
      csrf,
      account: { name: person.name ?? '', username: person.username ?? person.email ?? 'Signed in' },
      signOut: { action: '/auth/sign-out', fields: { [csrf.name]: csrf.value } },
    };
    await pages.render(ctx, 'demo-client/todos', locals, status);
  }

  /** Whoever was signed in a moment ago is told that it has ended, and finds what they typed after signing in again. */
  async function showWelcome(ctx: Context, typed: string, status: number): Promise<void> {
    const ended = browserSession.isKnown(ctx);
    if (ended) browserSession.forget(ctx);
    const locals = {
      title: 'Your todos, behind a sign-in',
      notice: ended ? endedNotice : undefined,
      scopes: [...todosScopes.values()].map((scope) => ({ ...scope, chosen: defaultScopes.includes(scope.name) })),
      identity: identityScopes.join(' '),
      returnTo: typed === '' ? '/' : `/?${new URLSearchParams({ title: typed })}`,
    };
    await pages.render(ctx, 'demo-client/welcome', locals, status);
  }

  return router;
}

/** At the API. */
function pathOf(ctx: Context): string {
  return `/api/todos/${encodeURIComponent(String(ctx.params.id))}`;
}

function addition(title: string): PendingAction {
  return { method: 'POST', path: '/api/todos', body: JSON.stringify({ title }) };
}

function wordsFor({ scope }: ChallengeNeeds): string {
  return scope === undefined
    ? 'For this you must have signed in just now. Nothing was changed so far.'
    : 'This app may not do that so far. Nothing was changed yet.';
}

/** The form that asks for what is missing, and has the action carried out afterwards. */
function mending(action: PendingAction, { scope, maxAge, acrValues }: ChallengeNeeds): Mending {
  const fields = { ...action, scope, max_age: maxAge, acr_values: acrValues, return_to: '/' };
  return {
    words: scope === undefined ? 'Sign in again and do it' : 'Ask me, then do it',
    fields: Object.entries(fields).filter((pair): pair is [string, string] => pair[1] !== undefined),
  };
}

/** A text field of a form or a query; anything else is the empty string. */
function field(from: unknown, name: string): string {
  const value: unknown = typeof from === 'object' && from !== null ? Reflect.get(from, name) : undefined;
  return typeof value === 'string' ? value.slice(0, 2_000) : '';
}
