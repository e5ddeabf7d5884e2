import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '@latchkey/database';
import { type TemporaryDatabase, temporaryDatabase, testEngine } from '@latchkey/database/testing';
import { createLogger, listen } from '@latchkey/service';
import { resolveFromRoot } from '@latchkey/settings';
import { createDemoClient } from '../../apps/demo-client/src/server.ts';
import type { Settings } from '../../apps/demo-client/src/settings.ts';
import type { Tables } from '../../apps/demo-client/src/tables.ts';
import { type Browser, openBrowser, type Page } from '../browser.ts';
import { type SmallAuthorizationServer, startSmallAuthorizationServer } from './small-authorization-server.ts';
import { type SmallTodosApi, startSmallTodosApi } from './small-todos-api.ts';

export interface SmallTown extends AsyncDisposable {
  readonly url: string;
  readonly authorizationServer: SmallAuthorizationServer;
  readonly api: SmallTodosApi;
  /** The database of both. */
  readonly place: TemporaryDatabase;
  readonly clientSecret: string;
  /** The demo client's clock, ahead of the others', in milliseconds. */
  clockAheadMs: number;
  /** A second process on the same database would be reached at this address. */
  readonly secondUrl: string;
  /** A browser of somebody who has signed in just now, and the page that they see. */
  signIn(query?: string): Promise<{ browser: Browser; page: Page }>;
}

export interface SmallTownOptions {
  readonly settings?: Partial<Settings>;
  readonly refreshTokens?: boolean;
}

const sessionKey = Buffer.alloc(32, 7).toString('base64url');

/** The demo client (twice, as two processes would share its database), a real authorization server and a real API. */
export async function startSmallTown(options: SmallTownOptions = {}): Promise<SmallTown> {
  const { settings = {}, refreshTokens = true } = options;
  await using stack = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'demo-client-'));
  stack.defer(() => rmSync(folder, { recursive: true }));
  const place = stack.use(await temporaryDatabase(testEngine));
  const clientSecret = 'a-secret-that-only-this-test-knows';

  let issuer = '';
  const api = stack.use(await startSmallTodosApi(() => issuer));
  const first = await openClient();
  const authorizationServer = stack.use(
    await startSmallAuthorizationServer({ clientUrl: first.url, clientSecret, resource: api.resource, refreshTokens }),
  );
  issuer = authorizationServer.issuer;
  // The second answers under the first one's name: what a load balancer would do.
  const second = await openClient();
  await first.start(first.url);
  await second.start(second.url);

  async function openClient() {
    let handler: ReturnType<typeof createDemoClient>['handler'] | undefined;
    const listener = stack.use(
      await listen({ handler: (request, response) => void handler?.(request, response), host: 'localhost', port: 0 }),
    );
    const url = `http://localhost:${listener.port}`;
    return {
      url,
      async start(publicUrl: string) {
        const database = stack.use(
          await openDatabase<Tables>({ ...place, migrations: resolveFromRoot('db/demo-client') }),
        );
        const client = createDemoClient({
          database,
          logger: createLogger('demo-client', process.env.TEST_LOG ?? 'silent'),
          now: () => Date.now() + town.clockAheadMs,
          settings: {
            host: 'localhost',
            port: listener.port,
            publicUrl,
            issuer,
            apiUrl: api.url,
            apiResource: api.resource,
            clientId: 'demo-client',
            clientSecret,
            sessionKey,
            databaseUrl: undefined,
            dataDirectory: folder,
            refreshMode: 'hybrid',
            sessionLifetimes: { idleMs: 12 * 3_600_000, absoluteMs: 14 * 24 * 3_600_000 },
            pushedRequests: false,
            dpop: false,
            logLevel: 'silent',
            trustedProxies: 0,
            ...settings,
          },
        });
        stack.defer(() => client.stop());
        handler = client.handler;
      },
    };
  }

  const owned = stack.move();
  const town: SmallTown = {
    url: first.url,
    secondUrl: second.url,
    authorizationServer,
    api,
    place,
    clientSecret,
    clockAheadMs: 0,
    async signIn(query = '') {
      const browser = openBrowser();
      const page = await browser.go(`${first.url}/auth/sign-in${query}`);
      return { browser, page };
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
  return town;
}
