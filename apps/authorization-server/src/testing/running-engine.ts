import { randomBytes } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { createAssets, createPages } from '@latchkey/pages';
import { createLogger, createMetrics, listen } from '@latchkey/service';
import { resolveFromRoot } from '@latchkey/settings';
import { createAccounts } from '../accounts/accounts.ts';
import { createEvents } from '../audit/events.ts';
import { createClients } from '../clients/clients.ts';
import { type Consents, createConsents } from '../consents/consents.ts';
import { loadSigningKeys } from '../keys/signing-keys.ts';
import { createEngine } from '../provider/provider.ts';
import { type Artifacts, createArtifacts } from '../storage/artifacts.ts';
import { createSessionGrants } from '../storage/session-grants.ts';
import { createSessions } from '../storage/sessions.ts';
import { startTables, type TemporaryTables } from './temporary-tables.ts';

export interface EngineOptions {
  readonly refreshGrace?: number;
  /** Stands between the engine and its storage, to hold up what would otherwise be too fast to race. */
  readonly slowed?: (artifacts: Artifacts) => Artifacts;
  /** The same for what people decided. */
  readonly slowedConsents?: (consents: Consents) => Consents;
  /** Tables that another engine has used; those stay when this engine goes. */
  readonly tables?: Pick<TemporaryTables, 'database' | 'keyring'>;
}

let madeKeys: ReturnType<typeof loadSigningKeys> | undefined;

/**
 * The engine over real HTTP and a real database, with nothing in front of it but one person, Alice, who signs in and
 * allows everything as soon as she is asked.
 */
export async function startEngine({
  refreshGrace = 30,
  slowed = (artifacts) => artifacts,
  slowedConsents = (consents) => consents,
  tables: used,
}: EngineOptions = {}) {
  const own = used ? undefined : await startTables();
  const { database, keyring } = used ?? (own as TemporaryTables);
  const { query } = database;
  let handler: RequestListener = (_, response) => response.writeHead(503).end();
  const listener = await listen({
    handler: (request, response) => handler(request, response),
    host: 'localhost',
    port: 0,
  });
  const issuer = `http://localhost:${listener.port}`;

  const accounts = createAccounts(database);
  const artifacts = createArtifacts(database, keyring);
  const clients = createClients(database, () => {});
  const consents = createConsents(database);
  const events = createEvents({
    query,
    logger: createLogger('engine', 'silent'),
    registry: createMetrics().registry,
  });
  const sessions = createSessions(database, keyring);
  const views = resolveFromRoot('views');
  // NOTE: an RSA key takes its time, so all engines of a test file sign with the same.
  madeKeys ??= loadSigningKeys(query, keyring);
  const assets = createAssets({ 'style.css': join(views, 'style.css'), 'comfort.js': join(views, 'comfort.js') });
  const { app, interactions, withdraw, answers } = createEngine({
    issuer,
    todosApi: 'http://localhost:3001/api',
    todosMcp: 'http://localhost:3001/mcp',
    trustedOrigins: [],
    refreshGrace,
    onPublished: () => {},
    signingKeys: await madeKeys,
    accounts,
    artifacts: slowed(artifacts),
    clients,
    consents: slowedConsents(consents),
    events,
    keyring,
    pages: createPages({ views, assets, product: 'Latchkey' }),
    sessionGrants: createSessionGrants(database, keyring),
    sessions,
  });

  const alice =
    (await accounts.findByUsername('alice')) ??
    (await accounts.add({
      username: 'alice',
      name: 'Alice Archer',
      email: 'alice@example.com',
      password: randomBytes(16).toString('hex'),
      grantableScopes: ['read:todos', 'write:todos'],
    }));
  app.use(async (ctx, next) => {
    const [, uid] = /^\/interaction\/([^/]+)$/.exec(ctx.path) ?? [];
    const interaction = uid === undefined ? undefined : await interactions.find(ctx, uid);
    if (!interaction) return next();
    if (interaction.prompt.name === 'login') return ctx.redirect(await interactions.signedIn(ctx, alice.id));
    const { questions } = interaction.prompt.consent;
    const answer = questions.map(({ resource, asked }) => ({ resource, granted: asked, declined: [] }));
    await consents.record(alice.id, interaction.client.id, answer);
    return ctx.redirect(await interactions.consented(ctx));
  });
  app.use(async (ctx, next) => {
    try {
      await next();
    } catch {
      ctx.status = 500;
      ctx.body = { error: 'server_error' };
    }
  });
  for (const middleware of answers) app.use(middleware);
  app.silent = true;
  handler = app.callback();

  return {
    issuer,
    accounts,
    alice,
    artifacts,
    clients,
    consents,
    events,
    keyring,
    provider: app,
    query,
    sessions,
    withdraw,
    async [Symbol.asyncDispose]() {
      await listener[Symbol.asyncDispose]();
      await events.settled();
      await own?.[Symbol.asyncDispose]();
    },
  };
}
