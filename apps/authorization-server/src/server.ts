/**
 * The map of the house: makes every subject, then mounts every room, in the order in which a request meets them. This
 * is the only place where they are wired.
 */

import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { createAssets, createPages, securityHeaders } from '@latchkey/pages';
import {
  canonicalHost,
  createMetrics,
  type Logger,
  logOutages,
  probes,
  readQueriesOnce,
  requestLog,
  traceContext,
} from '@latchkey/service';
import { accountPagesRoutes } from './account-pages/routes.ts';
import { type Accounts, createAccounts } from './accounts/accounts.ts';
import { createEvents } from './audit/events.ts';
import { type Clients, createClients } from './clients/clients.ts';
import { createConsents } from './consents/consents.ts';
import { answerError } from './home/error-answer.ts';
import { answerOutages } from './home/outage-answer.ts';
import { homeRoutes, notFound } from './home/routes.ts';
import { createKnownDevice } from './interaction/known-device.ts';
import { interactionRoutes } from './interaction/routes.ts';
import { openDataKey } from './keys/data-key.ts';
import { createKeyring } from './keys/keyring.ts';
import { loadSigningKeys } from './keys/signing-keys.ts';
import { engineRoute } from './provider/discovery-answers.ts';
import { createEngine } from './provider/provider.ts';
import type { Settings } from './settings.ts';
import { createArtifacts } from './storage/artifacts.ts';
import { createLease } from './storage/leases.ts';
import { createSessionGrants } from './storage/session-grants.ts';
import { createSessions } from './storage/sessions.ts';
import { startSweeper } from './storage/sweeper.ts';
import { openTables } from './tables.ts';
import { deviceCodeThrottle } from './throttles/device-code-throttle.ts';
import { createSignInThrottle } from './throttles/sign-in-throttle.ts';

const root = join(import.meta.dirname, '../../..');

export interface AuthorizationServer extends AsyncDisposable {
  readonly handler: RequestListener;
  readonly accounts: Accounts;
  readonly clients: Clients;
  /** Waits for what is still being written, then closes the database. */
  close(): Promise<void>;
}

export async function createAuthorizationServer(settings: Settings, logger: Logger): Promise<AuthorizationServer> {
  const https = settings.issuer.startsWith('https:');
  const database = await openTables(settings, logOutages(logger));
  const { query } = database;
  const metrics = createMetrics();
  const keyring = createKeyring(await openDataKey(database, settings.keyEncryptionKey));

  const accounts = createAccounts(database);
  const artifacts = createArtifacts(database, keyring);
  const clients = createClients(database, (clientId, member) => {
    logger.warn({ clientId, member }, 'a stored URI of this client is left out: no rule accepts it');
  });
  const consents = createConsents(database);
  const events = createEvents({ query, logger, registry: metrics.registry });
  const sessionGrants = createSessionGrants(database, keyring);
  const sessions = createSessions(database, keyring);
  const signingKeys = await loadSigningKeys(query, keyring);
  const sweeper = startSweeper({
    lease: createLease(database, 'sweep'),
    sweeps: {
      artifacts: artifacts.sweep,
      sessions: sessions.sweep,
      sessionGrants: sessionGrants.sweep,
      audit: (limit) => events.sweep(settings.auditDays, limit),
    },
    shrink: database.shrink,
    logger,
  });

  const assets = createAssets({
    'style.css': join(root, 'views/style.css'),
    'comfort.js': join(root, 'views/comfort.js'),
  });
  const pages = createPages({ views: join(root, 'views'), assets, product: 'Latchkey' });

  const { answersAtTheDoor, app, interactions, outages, ownSessions, withdraw, answers } = createEngine({
    issuer: settings.issuer,
    todosApi: settings.todosApi,
    todosMcp: settings.todosMcp,
    trustedOrigins: settings.trustedOrigins,
    refreshGrace: settings.refreshGrace,
    onPublished: (path) => metrics.count('GET', path, 200),
    signingKeys,
    accounts,
    artifacts,
    clients,
    consents,
    events,
    keyring,
    pages,
    sessionGrants,
    sessions,
  });
  app.proxy = settings.trustedProxies > 0;
  app.maxIpsCount = settings.trustedProxies;
  app.silent = true;
  readQueriesOnce(app);

  const rooms = [
    homeRoutes({ pages, demo: settings.demo }),
    accountPagesRoutes({
      clients,
      consents,
      csrfSecret: keyring.bytes('csrf'),
      ownSessions,
      pages,
      withdraw,
    }),
    interactionRoutes({
      accounts,
      consents,
      events,
      interactions,
      knownDevice: createKnownDevice(keyring, https),
      pages,
      throttle: createSignInThrottle(),
    }),
  ];

  const flowReports =
    settings.flowReports &&
    (await import('./flow-reports/flow-reports.ts')).createFlowReports({
      issuer: settings.issuer,
      collector: settings.flowReports,
      engine: app,
    });

  app.use(traceContext());
  for (const noting of flowReports?.middleware ?? []) app.use(noting);
  app.use(requestLog(logger, answerError(pages)));
  app.use(securityHeaders({ https }));
  app.use(probes({ ready: database.ping, metrics, onNotReady: (error) => logger.warn({ err: error }, 'not ready') }));
  app.use(answerOutages(pages, outages.met));
  app.use(canonicalHost(settings.issuer));
  app.use(metrics.requests((ctx) => ctx._matchedRoute?.toString() ?? engineRoute(ctx as never)));
  app.use(assets.middleware);
  app.use(notFound(pages));
  app.use(deviceCodeThrottle(pages));
  for (const answer of answers) app.use(answer);
  for (const room of rooms) app.use(room.routes());

  const close = async () => {
    await sweeper.stop();
    await events.settled();
    await flowReports?.close();
    await database.close();
  };
  const house = app.callback();
  const handler: RequestListener = (request, response) => {
    if (!answersAtTheDoor(request, response)) void house(request, response);
  };
  return { handler, accounts, clients, close, [Symbol.asyncDispose]: close };
}
