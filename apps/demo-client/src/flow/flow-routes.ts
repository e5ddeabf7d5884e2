import Router from '@koa/router';
import type { DemoClock } from '@latchkey/demo-clock';
import type { Pages } from '@latchkey/pages';
import type { Context, Middleware } from 'koa';
import type { BrowserSession } from '../session/browser-session.ts';
import type { ForgeryGuard } from '../session/forgery-guard.ts';
import { renderPicture } from './drawing/picture.ts';
import { type FlowStateNeeds, flowState } from './flow-state.ts';
import { pictureOf } from './recording/browser-picture.ts';
import { streamFlow } from './recording/flow-stream.ts';
import type { Pictures } from './recording/pictures.ts';
import { presentPicture } from './recording/presented-picture.ts';
import { type Revealed, revealSecret } from './recording/reveal.ts';

export interface FlowNeeds extends Omit<FlowStateNeeds, 'now' | 'clockAheadMs'> {
  readonly browserSession: BrowserSession;
  readonly guard: ForgeryGuard;
  readonly formBody: Middleware;
  readonly pages: Pages;
  readonly now: () => number;
}

export interface FlowRoutesOptions extends FlowNeeds {
  readonly pictures: Pictures;
  readonly clock: DemoClock | undefined;
  readonly stopping: AbortSignal;
}

const mostStreams = 20;

/**
 * `GET /flow` shows the picture of the browser that asks, `GET /flow/events` goes on telling of it.
 * `POST /flow/clear` empties it; `POST /flow/clock` moves the clock of all three apps forward (`seconds`);
 * `POST /flow/reveal` shows one secret (`hash`) that opens nothing any more:
 * script gets JSON, a form the page with it.
 */
export function flowRoutes(options: FlowRoutesOptions): Router {
  const { browserSession, guard, formBody, pages, now, pictures, clock, stopping } = options;
  const router = new Router();
  let streams = 0;
  const drawnFor = (ctx: Context) => pictures.picture(pictureOf(ctx)).drawn;
  const stateOf = async (ctx: Context) =>
    flowState(await browserSession.current(ctx), { ...options, now: now(), clockAheadMs: clock?.aheadMs() });

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
    backToPage(ctx);
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

  router.post('/flow/clock', formBody, guard.formWrites, async (ctx) => {
    const ahead = clock?.advance(secondsIn(ctx.request.body) * 1_000);
    if (clock && ahead !== undefined) {
      pictures.stir();
      if (isScript(ctx)) ctx.body = { ahead_ms: ahead };
      else backToPage(ctx);
      return undefined;
    }
    const status = clock ? 400 : 404;
    const refusal = clock ? 'The clock can only be moved forward, and not that far.' : 'There is no clock to move.';
    if (!isScript(ctx)) return showPage(ctx, { refusal }, status);
    ctx.status = status;
    ctx.body = { error: 'not_moved', error_description: refusal };
    return undefined;
  });

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

function backToPage(ctx: Context): void {
  ctx.status = 303;
  ctx.set('Location', '/flow');
}

/** A whole number of them, or none that any clock takes. */
function secondsIn(body: unknown): number {
  const seconds: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'seconds') : undefined;
  return typeof seconds === 'string' && /^[1-9]\d{0,7}$/.test(seconds) ? Number(seconds) : Number.NaN;
}
