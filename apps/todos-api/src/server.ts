/** The one map: makes the subjects, then mounts every room, in URL order. Nothing is wired in anywhere else. */
import type { RequestListener } from 'node:http';
import type { Database } from '@latchkey/database';
import { createResourceServer, type ResourceServerOptions } from '@latchkey/resource-server';
import { createApiRouter, problemOfError, unansweredProblems, writeProblem } from '@latchkey/resource-server/koa';
import { type ScopeName, todosScopes } from '@latchkey/scope-catalogue';
import {
  canonicalHost,
  createMetrics,
  type Logger,
  probes,
  readQueriesOnce,
  requestLog,
  traceContext,
  tracedFetch,
} from '@latchkey/service';
import Koa from 'koa';
import { apiDocs } from './api-docs.ts';
import { apiDocument } from './api-document.ts';
import { countDecisions } from './authorization-metrics.ts';
import type { FlowReports } from './flow-reports/flow-reports.ts';
import { frontDoor } from './front-door.ts';
import { jsonDocuments } from './json-documents.ts';
import { toolScopes } from './mcp/message-needs.ts';
import { mcpRoutes } from './mcp/routes.ts';
import { ownRoutes } from './own-routes.ts';
import { createSpentProofs, type SpentProofsTables } from './proofs/spent-proofs.ts';
import { createRateLimit } from './rate-limit.ts';
import { responseHeaders } from './response-headers.ts';
import { mcpResource, type TodosApiSettings } from './settings.ts';
import { adminRoutes } from './todos/admin-routes.ts';
import { conditionalAnswers } from './todos/conditional-answers.ts';
import { todosRoutes } from './todos/routes.ts';
import { createTodos, type TodosTables } from './todos/todos.ts';

export interface TodosApiTables extends TodosTables, SpentProofsTables {}

export interface TodosApiOptions {
  readonly settings: Pick<
    TodosApiSettings,
    'publicUrl' | 'issuer' | 'resource' | 'proxyHops' | 'docsClientId' | 'docsHint' | 'rateLimitPerMinute'
  >;
  readonly database: Database<TodosApiTables>;
  readonly logger: Logger;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
  /** Whether the subject of a verified token may still come in. Default: yes. */
  readonly accept?: ResourceServerOptions<string>['accept'];
  /** Whoever draws what passes, in a demonstration. */
  readonly flowReports?: FlowReports | undefined;
}

export interface TodosApi {
  readonly handler: RequestListener;
}

export function createTodosApi({
  settings,
  database,
  logger,
  now = () => Date.now(),
  accept,
  flowReports,
}: TodosApiOptions): TodosApi {
  const { publicUrl, issuer, resource, proxyHops, rateLimitPerMinute: perMinute } = settings;
  const metrics = createMetrics();
  const countDecision = countDecisions(metrics);
  const rateLimit = perMinute === undefined ? undefined : createRateLimit({ perMinute, now });
  const todos = createTodos({ query: database.query, now });
  const resourceOptions = {
    issuer,
    resource,
    realm: 'todos',
    resourceName: 'Todos API',
    scopes: scopeDescriptions(),
    // NOTE: the settings have refused it in production; a developer's network may have it.
    allowInsecureHttp: true,
    now,
    fetch: flowReports?.fetch ?? tracedFetch,
    tokenCache: {},
    dpop: { replays: createSpentProofs({ query: database.query, now }) },
    ...(accept && { accept }),
    ...(rateLimit && { limiter: rateLimit.limiter }),
    // NOTE: the message only. The error of a bad token carries its claims, and people do not belong in the log.
    onDecision(decision) {
      countDecision(decision);
      flowReports?.decided(decision);
      if (!decision.refusal) return;
      const { error, error_description, cause } = decision.refusal;
      logger.info({ error, error_description, reason: cause instanceof Error ? cause.message : cause }, 'refused');
    },
    onKeysFailure: (cause) => logger.warn({ err: cause, issuer }, "the issuer's keys could not be loaded"),
  } satisfies ResourceServerOptions<ScopeName<typeof todosScopes>>;
  const resourceServer = createResourceServer(resourceOptions);
  const mcpUrl = mcpResource(publicUrl);
  const mcpServer = createResourceServer({
    ...resourceOptions,
    resource: mcpUrl,
    resourceName: 'Todos',
    // NOTE: only what the tools need. A client that is not told what to ask for asks for everything in the metadata.
    scopes: scopeDescriptions(toolScopes),
  });

  const api = createApiRouter(resourceServer, { prefix: '/api' });
  ownRoutes(api);
  todosRoutes({ api, todos, publicUrl });
  adminRoutes({ api, todos, publicUrl });

  const app = new Koa({ proxy: proxyHops > 0, maxIpsCount: proxyHops });
  app.on('error', (error) => logger.error({ err: error }, 'answer failed'));
  readQueriesOnce(app);
  app.use(traceContext());
  if (flowReports) app.use(flowReports.middleware());
  app.use(responseHeaders({ https: publicUrl.startsWith('https:') }));
  app.use(metrics.requests((ctx) => ctx.state.route));
  app.use(requestLog(logger, async (ctx, error) => writeProblem(ctx, problemOfError(error))));
  app.use(
    probes({
      ready: () => database.ping(),
      metrics,
      onNotReady: (error) => logger.error({ err: error }, 'not ready'),
    }),
  );
  app.use(canonicalHost(publicUrl));
  app.use(unansweredProblems);
  app.use(frontDoor);
  app.use(
    jsonDocuments({
      [new URL(resourceServer.metadata.url).pathname]: resourceServer.metadata.document,
      [new URL(mcpServer.metadata.url).pathname]: mcpServer.metadata.document,
      '/openapi.json': apiDocument(resourceServer, api.routes, settings),
    }),
  );
  app.use(apiDocs(settings));
  if (rateLimit) app.use(rateLimit.headers);
  app.use(conditionalAnswers);
  app.use(api.middleware());
  app.use(
    mcpRoutes({
      url: mcpUrl,
      resourceServer: mcpServer,
      todos,
      onFailure: (error, tool) => logger.error({ err: error, tool }, 'a tool failed'),
    }),
  );
  return { handler: app.callback() };
}

/** From the catalogue, so that API, consent page and metadata say the same. */
function scopeDescriptions(
  names: Iterable<ScopeName<typeof todosScopes>> = todosScopes.keys(),
): Record<ScopeName<typeof todosScopes>, string> {
  const descriptions = [...names].map((name) => [name, todosScopes.get(name)?.description]);
  return Object.fromEntries(descriptions) as Record<ScopeName<typeof todosScopes>, string>;
}
