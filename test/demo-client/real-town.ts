import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '@latchkey/database';
import { temporaryDatabase, testEngine } from '@latchkey/database/testing';
import { createLogger, listen } from '@latchkey/service';
import { resolveFromRoot } from '@latchkey/settings';
import { createFlow } from '../../apps/demo-client/src/flow/flow.ts';
import { createDemoClient } from '../../apps/demo-client/src/server.ts';
import { readDemoClientSettings } from '../../apps/demo-client/src/settings.ts';
import type { Tables } from '../../apps/demo-client/src/tables.ts';
import { createFlowReports } from '../../apps/todos-api/src/flow-reports/flow-reports.ts';
import { createTodosApi, type TodosApiTables } from '../../apps/todos-api/src/server.ts';
import { isConsent, isSignIn, scopesOn } from '../authorization-server/person.ts';
import { startTown, type Town } from '../authorization-server/town.ts';
import { type Browser, openBrowser, type Page } from '../browser.ts';

/** A request of the demo client to one of the others, as it arrived there. */
export interface Arrival {
  readonly path: string;
  readonly authorization: string | undefined;
  readonly dpop: string | undefined;
  body: string;
}

export interface RealTown extends AsyncDisposable {
  readonly url: string;
  /** The same app on the same database, as a second process would be. */
  readonly secondUrl: string;
  readonly authorizationServer: Town;
  readonly apiUrl: string;
  readonly arrivals: readonly Arrival[];
  /** Answers requests to the API itself where it wants to, and says that it did. */
  atApi: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** Somebody at a new browser, signed in and with what they left ticked. */
  signIn(username: string, options?: SignInOptions): Promise<{ browser: Browser; page: Page }>;
}

export interface SignInOptions {
  readonly query?: string;
  readonly without?: readonly string[];
  readonly browser?: Browser;
}

const sessionKey = Buffer.alloc(32, 7).toString('base64url');

/** All three apps as they are, in one process, each over HTTP; the demo client twice. */
export async function startRealTown(environment: Record<string, string> = {}): Promise<RealTown> {
  const { FLOW_REPORTS_SECRET: secret } = environment;
  await using stack = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'real-town-'));
  stack.defer(() => rmSync(folder, { recursive: true }));
  const arrivals: Arrival[] = [];
  const place = stack.use(await temporaryDatabase(testEngine));
  const doors = await Promise.all([openDoor(), openDoor(), openDoor()]);
  const [api, first, second] = doors;

  async function openDoor() {
    const door = { handler: ((_, response) => response.writeHead(503).end()) as RequestListener, url: '' };
    const listener = stack.use(
      await listen({
        handler(request, response) {
          const { authorization, dpop } = request.headers;
          const arrival = { path: request.url ?? '', authorization, dpop: dpop as string | undefined, body: '' };
          arrivals.push(arrival);
          const push = request.push;
          request.push = (chunk: unknown, encoding?: BufferEncoding) => {
            arrival.body += chunk ?? '';
            return push.call(request, chunk, encoding);
          };
          door.handler(request, response);
        },
        host: 'localhost',
        port: 0,
      }),
    );
    door.url = `http://localhost:${listener.port}`;
    return door;
  }

  const resource = `${api.url}/api`;
  const authorizationServer = stack.use(
    await startTown({
      TODOS_API_RESOURCE: resource,
      TRUSTED_ORIGINS: first.url,
      ...(secret !== undefined && {
        FLOW_REPORTS_URL: `${first.url}/flow/reports`,
        FLOW_REPORTS_SECRET: secret,
      }),
    }),
  );
  const app = await authorizationServer.app({
    redirect_uris: [`${first.url}/auth/callback`],
    post_logout_redirect_uris: [`${first.url}/auth/signed-out`],
    backchannel_logout_uri: `${first.url}/auth/backchannel-logout`,
    backchannel_logout_session_required: true,
  });
  const realApi = await openApi();
  api.handler = (request, response) => town.atApi(request, response) || realApi(request, response);
  for (const door of [first, second]) door.handler = await openClient(door.url);

  async function openApi() {
    const database = stack.use(
      await openDatabase<TodosApiTables>({ file: ':memory:', migrations: resolveFromRoot('db/todos-api') }),
    );
    const settings = {
      publicUrl: api.url,
      issuer: authorizationServer.issuer,
      resource,
      proxyHops: 0,
      docsClientId: 'todos-docs',
      docsHint: undefined,
      rateLimitPerMinute: undefined,
    };
    const collector = { url: `${first.url}/flow/reports`, secret: secret ?? '' };
    const flowReports = secret === undefined ? undefined : createFlowReports({ publicUrl: api.url, collector });
    return createTodosApi({ settings, database, logger: createLogger('todos-api', 'silent'), flowReports }).handler;
  }

  async function openClient(publicUrl: string) {
    const settings = readDemoClientSettings({
      PUBLIC_URL: publicUrl,
      ISSUER: authorizationServer.issuer,
      API_URL: api.url,
      CLIENT_ID: app.id,
      CLIENT_SECRET: app.secret ?? '',
      DATA_DIR: folder,
      ...environment,
    });
    const database = stack.use(await openDatabase<Tables>({ ...place, migrations: resolveFromRoot('db/demo-client') }));
    const logger = createLogger('demo-client', process.env.TEST_LOG ?? 'silent');
    const flow =
      secret === undefined
        ? undefined
        : createFlow({ publicUrl, apiUrl: api.url, secret, clockFile: environment.DEMO_CLOCK_FILE });
    const client = createDemoClient({ settings: { ...settings, sessionKey }, database, logger, flow });
    stack.defer(() => client.stop());
    return client.handler;
  }

  const owned = stack.move();
  const town: RealTown = {
    url: first.url,
    secondUrl: second.url,
    apiUrl: api.url,
    authorizationServer,
    arrivals,
    atApi: () => false,
    async signIn(username, { query = '', without = [], browser = openBrowser() } = {}) {
      const page = await goThrough(browser, await browser.go(`${first.url}/auth/sign-in${query}`), username, without);
      return { browser, page };
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
  return town;
}

/** Does what the authorization server's pages ask, and ends where that leads. */
export async function goThrough(
  browser: Browser,
  page: Page,
  username: string,
  without: readonly string[] = [],
): Promise<Page> {
  const press = (button: string, fields: [string, string][]) =>
    browser.submit(page, new RegExp(`action="(/interaction/[^"/]+/${button})"`).exec(page.text)?.[1] ?? '', fields);
  if (isSignIn(page))
    page = await press('login', [
      ['username', username],
      ['password', `${username}-password`],
    ]);
  if (!isConsent(page)) return page;
  const ticked = scopesOn(page).filter(({ name, required }) => !required && !without.includes(name));
  return press(
    'confirm',
    ticked.map(({ name }) => ['scope', name]),
  );
}
