/**
 * The live picture: takes what this app and the others tell, and shows each browser its own part of it. Loaded only in a
 * demonstration. It decides nothing; what a browser may see is decided in presenting/.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import Router from '@koa/router';
import { createFlowReporter, type FlowReporter } from '@latchkey/flow-reports';
import type { Pages } from '@latchkey/pages';
import type { Context, Middleware } from 'koa';
import type { BrowserSession } from '../session/browser-session.ts';
import type { ForgeryGuard } from '../session/forgery-guard.ts';
import type { Session } from '../session/sessions.ts';
import { renderPicture } from './drawing/picture.ts';
import { mermaidOf } from './exports/mermaid.ts';
import type { FlowState, PresentedExchange, RecordedRun } from './presented-exchange.ts';
import { presentExchange } from './presenting/present-exchange.ts';
import { pictureCookie } from './recording/exchange-links.ts';
import { streamFlow } from './recording/flow-stream.ts';
import { createPictures } from './recording/pictures.ts';
import { readReports } from './recording/read-reports.ts';

export interface FlowOptions {
  readonly publicUrl: string;
  readonly apiUrl: string;
  /** What the other apps show when they tell. */
  readonly secret: string;
}

export interface FlowNeeds {
  readonly browserSession: BrowserSession;
  readonly guard: ForgeryGuard;
  readonly formBody: Middleware;
  readonly jsonBody: Middleware;
  readonly pages: Pages;
  readonly now: () => number;
}

export interface Flow extends Pick<FlowReporter, 'fetch' | 'check'> {
  /** Right behind `traceContext()`. */
  readonly middleware: readonly Middleware[];
  routes(needs: FlowNeeds): Router;
  /** Lets go whoever looks on. */
  close(): void;
}

const mostStreams = 20;

export function createFlow({ publicUrl, apiUrl, secret }: FlowOptions): Flow {
  const pictures = createPictures();
  const stopping = new AbortController();
  const isOurs = (path: string) => path === '/flow' || path.startsWith('/flow/');
  const reporter = createFlowReporter({
    party: 'client',
    origin: publicUrl,
    destination: ({ origin }) => (origin === apiUrl ? 'api' : 'authorization-server'),
    tell: pictures.take,
    isQuiet: isOurs,
  });

  /** Each browser has a picture of its own. */
  const belongs: Middleware = (ctx, next) => {
    let id = /^[\w-]{22}$/.exec(ctx.cookies.get(pictureCookie) ?? '')?.[0];
    if (id === undefined && ctx.accepts('html') && ctx.method === 'GET') {
      id = randomBytes(16).toString('base64url');
      ctx.cookies.set(pictureCookie, id, { httpOnly: true, sameSite: 'lax', path: '/', overwrite: true });
    }
    ctx.state.picture = id;
    if (id !== undefined && !isOurs(ctx.path)) pictures.begin(id, (ctx.state.trace as { traceId: string }).traceId);
    return next();
  };

  function mayTell(ctx: Context): boolean {
    const shown = Buffer.from(ctx.get('Authorization').replace(/^Bearer /, ''));
    const wanted = Buffer.from(secret);
    return shown.length === wanted.length && timingSafeEqual(shown, wanted);
  }

  return {
    fetch: reporter.fetch,
    check: reporter.check,
    middleware: [belongs, reporter.middleware()],
    close: () => stopping.abort(),

    routes({ browserSession, guard, formBody, jsonBody, pages, now }) {
      const router = new Router();
      let streams = 0;
      const idOf = (ctx: Context) => String(ctx.state.picture ?? '');
      const exchangesOf = (ctx: Context): PresentedExchange[] =>
        pictures.picture(idOf(ctx)).drawn.map(({ exchange, order }) => presentExchange(exchange, { order }));
      const runOf = (ctx: Context): RecordedRun => ({
        format: 'latchkey-flow-1',
        title: 'A run of the authorization code flow',
        recordedAt: now(),
        exchanges: exchangesOf(ctx),
      });
      const stateOf = async (ctx: Context) => flowState(await browserSession.current(ctx), now());

      router.post('/flow/reports', jsonBody, (ctx) => {
        if (!mayTell(ctx)) return void ctx.throw(401, 'Only the other apps may tell what passes.');
        const reports = readReports(ctx.request.body);
        if (!reports) return void ctx.throw(400, 'The body must be a list of reports.');
        for (const report of reports) pictures.take(report);
        ctx.status = 204;
      });

      router.get('/flow', async (ctx) => {
        const exchanges = exchangesOf(ctx);
        const session = await browserSession.current(ctx);
        const { person } = session ?? {};
        await pages.render(ctx, 'demo-client/flow', {
          title: 'What happens when you sign in',
          frame: 'page',
          wide: true,
          exchanges,
          pictures: { wide: renderPicture(exchanges, 'wide'), narrow: renderPicture(exchanges, 'narrow') },
          state: flowState(session, now()),
          csrf: guard.formToken(ctx),
          account: person && { name: person.name ?? '', username: person.username ?? 'Signed in' },
        });
      });

      router.get('/flow/events', (ctx) => {
        if (streams >= mostStreams) return void ctx.throw(503, 'Too many pages are looking on. Close one.');
        streams += 1;
        ctx.req.once('close', () => {
          streams -= 1;
        });
        return streamFlow(ctx, {
          picture: () => pictures.picture(idOf(ctx)),
          present: ({ exchange, order }) => presentExchange(exchange, { order }),
          state: () => stateOf(ctx),
          watch: (changed) => pictures.watch(idOf(ctx), changed),
          stopping: stopping.signal,
        });
      });

      router.post('/flow/clear', formBody, guard.formWrites, (ctx) => {
        pictures.clear(idOf(ctx));
        ctx.status = 303;
        ctx.set('Location', '/flow');
      });

      router.get('/flow/run.json', (ctx) => {
        ctx.set({ 'Cache-Control': 'no-store', 'Content-Disposition': 'attachment; filename="latchkey-flow.json"' });
        ctx.body = runOf(ctx);
      });

      router.get('/flow/run.mmd', (ctx) => {
        ctx.set({ 'Cache-Control': 'no-store', 'Content-Disposition': 'attachment; filename="latchkey-flow.mmd"' });
        ctx.type = 'text/plain; charset=utf-8';
        ctx.body = mermaidOf(exchangesOf(ctx));
      });

      return router;
    },
  };
}

function flowState(session: Session | undefined, now: number): FlowState {
  if (!session) return { signedIn: false, scopes: [], refreshMode: 'hybrid', now };
  const { person, tokens, idleEndsAt, endsAt, refreshMode } = session;
  const { receivedAt, expiresIn, granted } = tokens;
  const name = person.name ?? person.username;
  return {
    signedIn: true,
    ...(name !== undefined && { person: name }),
    scopes: granted,
    refreshMode,
    now,
    ...(expiresIn !== undefined && {
      accessToken: { startedAt: receivedAt, endsAt: receivedAt + expiresIn * 1_000 },
    }),
    session: { startedAt: now, endsAt: Math.min(idleEndsAt, endsAt) },
  };
}
