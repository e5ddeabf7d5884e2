import { join } from 'node:path';
import { bodyParser } from '@koa/bodyparser';
import { createAssets, createPages, securityHeaders } from '@latchkey/pages';
import {
  canonicalHost,
  createMetrics,
  type Logger,
  probes,
  readQueriesOnce,
  requestLog,
  traceContext,
} from '@latchkey/service';
import { resolveFromRoot } from '@latchkey/settings';
import Koa, { type Context } from 'koa';
import { createErrorDoor } from './error-door.ts';
import type { Flow } from './flow/flow.ts';
import { createDpopKeys } from './issuer/dpop-keys.ts';
import { createIssuer } from './issuer/issuer.ts';
import { createIssuerKeys } from './issuer/issuer-keys.ts';
import { backchannelRoutes } from './session/backchannel-routes.ts';
import { createBrowserSession } from './session/browser-session.ts';
import { createForgeryGuard } from './session/forgery-guard.ts';
import { createLogoutTokens } from './session/logout-tokens.ts';
import { deriveKeys } from './session/session-key.ts';
import { createSessions } from './session/sessions.ts';
import { signOutRoutes } from './session/sign-out-routes.ts';
import type { Settings } from './settings.ts';
import { createAuthorization } from './sign-in/authorization.ts';
import { signInRoutes } from './sign-in/routes.ts';
import { createSignIns } from './sign-in/sign-ins.ts';
import type { DemoClientDatabase } from './tables.ts';
import { apiProxy } from './todos/api-proxy.ts';
import { createPendingActions } from './todos/pending-actions.ts';
import { todoRoutes } from './todos/routes.ts';
import { createSentForms } from './todos/sent-forms.ts';
import { createTodoUndo } from './todos/todo-undo.ts';
import { createTodosApi } from './todos/todos-api.ts';
import { createAuthorizedFetch } from './tokens/authorized-fetch.ts';
import { createRenewal } from './tokens/renewal.ts';
import { tokenRoutes } from './tokens/routes.ts';

export interface DemoClientOptions {
  readonly settings: Settings & { readonly sessionKey: string };
  readonly database: DemoClientDatabase;
  readonly logger: Logger;
  /** Epoch milliseconds. */
  readonly now?: () => number;
  /** The live picture, in a demonstration. */
  readonly flow?: Flow | undefined;
}

export interface DemoClient extends Disposable {
  readonly handler: ReturnType<Koa['callback']>;
  /** Stops what runs by itself; the database belongs to whoever opened it. */
  stop(): void;
}

const sweepMs = 10 * 60_000;

/** The whole house: makes every subject, then mounts every room in the order of the addresses. */
export function createDemoClient({ settings, database, logger, now = Date.now, flow }: DemoClientOptions): DemoClient {
  const { publicUrl, apiUrl, apiResource, clientId, clientSecret, refreshMode, sessionLifetimes } = settings;
  const https = publicUrl.startsWith('https:');
  const keys = deriveKeys(settings.sessionKey);

  const views = resolveFromRoot('views');
  const assets = createAssets({
    'style.css': join(views, 'style.css'),
    'comfort.js': join(views, 'comfort.js'),
    'todo-actions.js': join(views, 'demo-client/todo-actions.js'),
    'todo-keys.js': join(views, 'demo-client/todo-keys.js'),
    'flow.js': join(views, 'demo-client/flow.js'),
    'flow-reveal.js': join(views, 'demo-client/flow-reveal.js'),
    'flow.css': join(views, 'demo-client/flow.css'),
  });
  const product = 'Latchkey Todos';
  const pages = createPages({ views, assets, product });
  const hopPages = createPages({ views, assets, product, layout: 'demo-client/hop' });
  const metrics = createMetrics();
  const formBody = bodyParser({ enableTypes: ['form'], formLimit: '16kb' });

  const issuer = createIssuer({ issuer: settings.issuer, clientId, clientSecret, now, fetch: flow?.fetch });
  const issuerKeys = createIssuerKeys(issuer, flow?.fetch);
  const dpopKeys = createDpopKeys(settings.dpop);
  const sessions = createSessions({ database, keys, lifetimes: sessionLifetimes, refreshMode, now });
  const browserSession = createBrowserSession(sessions, publicUrl, sessionLifetimes.absoluteMs, flow?.check);
  const guard = createForgeryGuard({ browserSession, csrfKey: keys.csrf, publicUrl, verified: flow?.check });
  const logoutTokens = createLogoutTokens(database, keys, now);
  const signIns = createSignIns({ database, keys, publicUrl, now });
  const authorization = createAuthorization({
    issuer,
    publicUrl,
    apiResource,
    dpopKeys,
    pushed: settings.pushedRequests,
    now,
  });
  const renewal = createRenewal({ sessions, issuer, dpopKeys, apiResource, logger, now });
  const authorizedFetch = createAuthorizedFetch({ renewal, issuer, dpopKeys, fetch: flow?.fetch });
  const pendingActions = createPendingActions({ apiUrl, authorizedFetch, keys });
  const todosApi = createTodosApi(apiUrl, authorizedFetch);
  const sentForms = createSentForms(database, keys, now);
  const todoUndo = createTodoUndo(keys);
  const proxy = apiProxy({ apiUrl, browserSession, sessions, authorizedFetch });

  const app = new Koa({ proxy: settings.trustedProxies > 0, maxIpsCount: settings.trustedProxies });
  app.on('error', (error) => logger.debug({ err: error }, 'an answer broke off'));
  readQueriesOnce(app);

  app.use(traceContext());
  for (const noting of flow?.middleware ?? []) app.use(noting);
  app.use(metrics.requests(routeName));
  app.use(requestLog(logger, createErrorDoor(pages)));
  app.use(probes({ metrics, ready: database.ping, onNotReady: (error) => logger.warn({ err: error }, 'not ready') }));
  app.use(canonicalHost(publicUrl));
  app.use(securityHeaders({ https }));
  app.use(refererToOurselves);
  app.use(assets.middleware);

  app.use(
    todoRoutes({
      browserSession,
      sessions,
      todosApi,
      sentForms,
      todoUndo,
      pendingActions,
      guard,
      formBody,
      pages,
      accountAddress: `${settings.issuer}/account`,
      flowAddress: flow && '/flow',
      now,
    }).routes(),
  );
  app.use((ctx, next) => (ctx.path.startsWith('/api/') ? guard.scriptWrites(ctx, () => proxy(ctx, next)) : next()));
  app.use(
    signInRoutes({
      authorization,
      signIns,
      sessions,
      browserSession,
      pendingActions,
      guard,
      formBody,
      pages,
      hopPages,
      logger,
      verified: flow?.check,
    }).routes(),
  );
  app.use(tokenRoutes({ browserSession, sessions, renewal, guard, formBody, now }).routes());
  app.use(signOutRoutes({ browserSession, sessions, guard, formBody, issuer, publicUrl, pages, logger }).routes());
  app.use(
    backchannelRoutes({
      sessions,
      logoutTokens,
      issuerKeys,
      issuer: settings.issuer,
      clientId,
      formBody,
      logger,
      now,
      verified: flow?.check,
    }).routes(),
  );
  if (flow) {
    const needs = { browserSession, guard, formBody, pages, refreshMode, lifetimes: sessionLifetimes, now };
    app.use(flow.routes(needs).routes());
  }
  app.use((ctx) => ctx.throw(404));

  const sweep = async () => {
    try {
      for (const table of [sessions, signIns, logoutTokens, sentForms]) await table.sweep();
    } catch (error) {
      logger.warn({ err: error }, 'expired rows could not be deleted');
    }
  };
  const sweeping = setInterval(sweep, sweepMs).unref();
  const stop = () => {
    clearInterval(sweeping);
    flow?.close();
  };
  return { handler: app.callback(), stop, [Symbol.dispose]: stop };
}

/**
 * NOTE: under `no-referrer` browsers send `Origin: null` with a form, which says nothing about where it comes from.
 * Other origins still learn nothing.
 */
async function refererToOurselves(ctx: Context, next: Koa.Next): Promise<void> {
  ctx.set('Referrer-Policy', 'same-origin');
  await next();
}

function routeName(ctx: Context): string | undefined {
  if (ctx.path.startsWith('/api/')) return '/api/*';
  if (ctx.path.startsWith('/assets/')) return '/assets/*';
  return typeof ctx._matchedRoute === 'string' ? ctx._matchedRoute : undefined;
}
