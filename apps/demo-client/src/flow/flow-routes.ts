import Router from '@koa/router';
import type { Pages } from '@latchkey/pages';
import type { Context, Middleware } from 'koa';
import type { BrowserSession } from '../session/browser-session.ts';
import type { ForgeryGuard } from '../session/forgery-guard.ts';
import { renderPicture } from './drawing/picture.ts';
import { mermaidOf } from './exports/mermaid.ts';
import { type FlowStateNeeds, flowState } from './flow-state.ts';
import type { PresentedExchange, RecordedRun } from './presented-exchange.ts';
import { presentExchange } from './presenting/present-exchange.ts';
import { pictureOf } from './recording/browser-picture.ts';
import { streamFlow } from './recording/flow-stream.ts';
import type { Pictures } from './recording/pictures.ts';
import { presentPicture } from './recording/presented-picture.ts';
import { type Revealed, revealSecret } from './recording/reveal.ts';

export interface FlowNeeds extends Omit<FlowStateNeeds, 'now'> {
  readonly browserSession: BrowserSession;
  readonly guard: ForgeryGuard;
  readonly formBody: Middleware;
  readonly pages: Pages;
  readonly now: () => number;
}

export interface FlowRoutesOptions extends FlowNeeds {
  readonly pictures: Pictures;
  readonly stopping: AbortSignal;
}

const mostStreams = 20;

/**
 * `GET /flow` shows the picture of the browser that asks, `GET /flow/events` goes on telling of it, `GET /flow/run.*` gives it
 * away as a file. `POST /flow/clear` empties it; `POST /flow/reveal` shows one secret (`hash`) that opens nothing any more:
 * script gets JSON, a form the page with it.
 */
export function flowRoutes(options: FlowRoutesOptions): Router {
  const { browserSession, guard, formBody, pages, now, pictures, stopping } = options;
  const router = new Router();
  let streams = 0;
  const drawnFor = (ctx: Context) => pictures.picture(pictureOf(ctx)).drawn;
  const stateOf = async (ctx: Context) => flowState(await browserSession.current(ctx), { ...options, now: now() });

  async function showPage(ctx: Context, more: PageExtras = {}, status = 200): Promise<void> {
    const drawn = drawnFor(ctx);
    const exchanges = drawn.map(presentPicture(drawn, now()));
    const { person } = (await browserSession.current(ctx)) ?? {};
    const locals = {
      title: 'What happens when you sign in',
      frame: 'page',
      wide: true,
      exchanges,
      pictures: { wide: renderPicture(exchanges, 'wide'), narrow: renderPicture(exchanges, 'narrow') },
      state: await stateOf(ctx),
      csrf: guard.formToken(ctx),
      account: person && { name: person.name ?? '', username: person.username ?? 'Signed in' },
      ...more,
    };
    await pages.render(ctx, 'demo-client/flow', locals, status);
  }

  router.get('/flow', (ctx) => showPage(ctx));

  router.get('/flow/events', (ctx) => {
    if (streams >= mostStreams) ctx.throw(503);
    streams += 1;
    ctx.res.once('close', () => {
      streams -= 1;
    });
    streamFlow(ctx, {
      picture: () => pictures.picture(pictureOf(ctx)),
      present: (drawn) => presentPicture(drawn, now()),
      state: () => stateOf(ctx),
      watch: (changed) => pictures.watch(pictureOf(ctx), changed),
      stopping,
    });
  });

  router.post('/flow/clear', formBody, guard.formWrites, (ctx) => {
    pictures.clear(pictureOf(ctx));
    if (isScript(ctx)) {
      ctx.body = { cleared: true };
      return;
    }
    ctx.status = 303;
    ctx.set('Location', '/flow');
  });

  router.post('/flow/reveal', formBody, guard.formWrites, async (ctx) => {
    ctx.set('Cache-Control', 'no-store');
    const exchanges = drawnFor(ctx).map(({ exchange }) => exchange);
    const answer = revealSecret(exchanges, String(ctx.query.hash), now());
    const status = { shown: 200, 'not yet': 403, never: 404 }[answer.kind];
    if (!isScript(ctx))
      return showPage(ctx, answer.kind === 'shown' ? { revealed: answer } : { refusal: answer.words }, status);
    ctx.status = status;
    ctx.body = answer.kind === 'shown' ? answer : { error: 'not_shown', error_description: answer.words };
  });

  router.get('/flow/run.json', (ctx) => {
    giveAway(ctx, 'latchkey-flow.json');
    const run: RecordedRun = {
      format: 'latchkey-flow-1',
      title: 'A run of the authorization code flow',
      recordedAt: now(),
      exchanges: exchangesFor(ctx),
    };
    ctx.body = run;
  });

  router.get('/flow/run.mmd', (ctx) => {
    giveAway(ctx, 'latchkey-flow.mmd');
    ctx.type = 'text/plain; charset=utf-8';
    ctx.body = mermaidOf(exchangesFor(ctx));
  });

  /** Without where to ask for more: nobody answers to a file. */
  function exchangesFor(ctx: Context): PresentedExchange[] {
    return drawnFor(ctx).map(({ exchange, order }) => presentExchange(exchange, { order }));
  }

  return router;
}

interface PageExtras {
  /** A secret that was asked for. */
  readonly revealed?: Revealed;
  /** Why it is not shown. */
  readonly refusal?: string;
}

function isScript(ctx: Context): boolean {
  return ctx.get('X-CSRF') === '1';
}

function giveAway(ctx: Context, name: string): void {
  ctx.set({ 'Cache-Control': 'no-store', 'Content-Disposition': `attachment; filename="${name}"` });
}
