/**
 * The todo list: its page, the forms on it, and the way for script to the API. It owns no todo: those are the API's,
 * and whether somebody may see them is decided there.
 */
import Router from '@koa/router';
import type { Pages } from '@latchkey/pages';
import type { Context, Middleware } from 'koa';
import type { BrowserSession } from '../session/browser-session.ts';
import type { ForgeryGuard } from '../session/forgery-guard.ts';
import type { Session, Sessions } from '../session/sessions.ts';
import type { PendingAction, PendingActions } from '../sign-in/pending-action.ts';
import { apiQuery, listAddress, listViewIn } from './list-view.ts';
import { failureWords, notices } from './page-words.ts';
import type { SentForms } from './sent-forms.ts';
import { changeOf, field, pathOf, showIn } from './todo-forms.ts';
import { type Editing, type LeftOver, type PageWords, todoPage } from './todo-page.ts';
import type { TodoUndo } from './todo-undo.ts';
import type { Answer, TodosApi } from './todos-api.ts';
import { welcomePage } from './welcome-page.ts';

export interface TodoRoutesOptions {
  readonly browserSession: BrowserSession;
  readonly sessions: Sessions;
  readonly todosApi: TodosApi;
  readonly sentForms: SentForms;
  readonly todoUndo: TodoUndo;
  readonly pendingActions: PendingActions;
  readonly guard: ForgeryGuard;
  readonly formBody: Middleware;
  readonly pages: Pages;
  /** Where the person's account is kept: the authorization server. */
  readonly accountAddress: string;
  /** Where the flow is shown, if it is. */
  readonly flowAddress?: string | undefined;
  readonly now: () => number;
}

type Failure = Exclude<Answer<undefined>, { kind: 'done' }>;

export function todoRoutes(options: TodoRoutesOptions): Router {
  const { browserSession, sessions, todosApi, sentForms, todoUndo, pendingActions, guard, formBody, pages, now } =
    options;
  const router = new Router();

  router.get('/', async (ctx) => {
    const session = await browserSession.current(ctx);
    const typed = field(ctx.query, 'title');
    if (!session) return showWelcome(ctx, { typed }, 200);
    await sessions.touch(session);
    const undo = todoUndo.read(session.id, field(ctx.query, 'undo'));
    return showTodos(ctx, session, { typed, undo, notice: notices[field(ctx.query, 'notice')] });
  });

  const current = guard.formWritesUnlessOld((ctx) => {
    const typed = field(ctx.request.body, 'title').trim();
    ctx.status = 303;
    const address = listAddress(showIn(ctx), { notice: 'old-page', ...(typed === '' ? {} : { title: typed }) });
    ctx.set({ Location: address, 'Cache-Control': 'no-store' });
  });

  router.post('/todos', formBody, current, async (ctx) => {
    const body = ctx.request.body;
    const title = field(body, 'title').trim();
    const completed = field(body, 'completed') === 'true';
    const formId = field(body, 'form_id');
    const session = await browserSession.current(ctx);
    const added = { title, ...(completed && { completed }) };
    const action = { method: 'POST', path: '/api/todos', body: JSON.stringify(added) };
    if (!session) return showWelcome(ctx, title === '' ? {} : { typed: title, action }, 401);
    if (title === '') return showTodos(ctx, session, { error: 'Write what there is to do first.' }, 422);
    if (!(await sentForms.begin(session.id, formId))) return toList(ctx);

    const answer = await todosApi.add(session, added);
    if (answer.kind !== 'done') {
      await sentForms.undo(session.id, formId);
      return showFailed(ctx, session, answer, { typed: title, action });
    }
    await sentForms.done(session.id, formId);
    return toList(ctx);
  });

  // NOTE: the form says what is to be, not "the other way round": sent twice, it does the same.
  router.post('/todos/:id/complete', formBody, current, async (ctx) => {
    const session = await browserSession.current(ctx);
    const completed = field(ctx.request.body, 'completed') === 'true';
    const action = changeOf(ctx, { completed });
    if (!session) return showWelcome(ctx, { action }, 401);
    const answer = await todosApi.setCompleted(session, String(ctx.params.id), completed);
    if (answer.kind === 'done') return toList(ctx);
    return showFailed(ctx, session, answer, { action });
  });

  router.post('/todos/:id/edit', formBody, current, async (ctx) => {
    const id = String(ctx.params.id);
    const title = field(ctx.request.body, 'title').trim();
    const session = await browserSession.current(ctx);
    const action = changeOf(ctx, { title });
    if (!session) return showWelcome(ctx, title === '' ? {} : { action }, 401);
    const editing = { id, typed: title, written: title };
    if (title === '') return showTodos(ctx, session, { error: 'A todo needs some words.', editing }, 422);
    const answer = await todosApi.rename(session, id, title, field(ctx.request.body, 'tag'));
    if (answer.kind === 'done') return toList(ctx);
    return showFailed(ctx, session, answer, { action, editing });
  });

  router.post('/todos/:id/delete', formBody, current, async (ctx) => {
    const session = await browserSession.current(ctx);
    const action = { method: 'DELETE', path: pathOf(ctx) };
    if (!session) return showWelcome(ctx, { action }, 401);
    const answer = await todosApi.remove(session, String(ctx.params.id));
    // What is gone already is as gone as it was to be.
    const isGone = answer.kind === 'done' || (answer.kind === 'refused' && answer.status === 404);
    if (!isGone) return showFailed(ctx, session, answer, { action });
    const title = field(ctx.request.body, 'title');
    if (title === '') return toList(ctx);
    const completed = field(ctx.request.body, 'completed') === 'true';
    return toList(ctx, { undo: todoUndo.write(session.id, { title, completed }) });
  });

  function toList(ctx: Context, more: Readonly<Record<string, string>> = {}): void {
    ctx.status = 303;
    ctx.set({ Location: listAddress(showIn(ctx), more), 'Cache-Control': 'no-store' });
  }

  async function showFailed(
    ctx: Context,
    session: Session,
    answer: Failure,
    { typed = '', action, editing }: { typed?: string; action: PendingAction; editing?: Editing },
  ): Promise<void> {
    if (answer.kind === 'ended') return showWelcome(ctx, { typed, action }, 401);
    const shown = 'session' in answer ? answer.session : session;
    const status = answer.kind === 'away' ? 503 : answer.status;
    return showTodos(ctx, shown, { typed, editing, ...failureWords(answer, action) }, status);
  }

  /** @returns what is being changed, with the words that it has now, or that the person has typed */
  async function readEditing(session: Session, sent: Editing): Promise<Editing | undefined> {
    if (sent.id === '') return undefined;
    const answer = await todosApi.find(session, sent.id);
    if (answer.kind !== 'done') return sent;
    const { title, tag } = answer.value;
    return { ...sent, tag, typed: sent.typed ?? title, now: title };
  }

  async function showTodos(ctx: Context, session: Session, said: PageWords, status = 200): Promise<void> {
    const view = listViewIn((name) => field(ctx.query, name));
    const show = showIn(ctx);
    const mayRead = session.tokens.granted.includes('read:todos');
    const answer = mayRead ? await todosApi.list(session, apiQuery({ ...view, show })) : undefined;
    if (answer?.kind === 'ended') return showWelcome(ctx, { typed: said.typed ?? '' }, 200);
    const shown = answer && 'session' in answer ? answer.session : session;
    const editing = await readEditing(shown, said.editing ?? { id: view.edit });
    const csrf = guard.formToken(ctx);
    const { person } = shown;
    const locals = {
      ...todoPage(shown, answer, { ...said, editing }, { show, more: view.more, now: now() }),
      frame: 'page',
      csrf,
      actor: pendingActions.markOf(person.sub),
      accountAddress: options.accountAddress,
      flowAddress: options.flowAddress,
      account: { name: person.name ?? '', username: person.username ?? person.email ?? 'Signed in' },
      signOut: { action: '/auth/sign-out', fields: { [csrf.name]: csrf.value } },
    };
    await pages.render(ctx, 'demo-client/todos', locals, status);
  }

  /**
   * Whoever was signed in a moment ago is told that it has ended, and finds what they typed after signing in again; what
   * they were about to do can be done then. The cookie stays for that long: the form is tied to it.
   */
  async function showWelcome(ctx: Context, { typed = '', action }: LeftOver, status: number): Promise<void> {
    const ended = browserSession.isKnown(ctx);
    const actor = field(ctx.request.body, 'actor');
    const unfinished =
      ended && action && pendingActions.actorIn(actor) !== undefined ? { ...action, actor } : undefined;
    if (ended && !unfinished) browserSession.forget(ctx);
    const locals = {
      ...welcomePage(typed),
      notice: ended ? notices.ended : undefined,
      unfinished,
      csrf: guard.formToken(ctx),
      flowAddress: options.flowAddress,
    };
    await pages.render(ctx, 'demo-client/welcome', locals, status);
  }

  return router;
}
