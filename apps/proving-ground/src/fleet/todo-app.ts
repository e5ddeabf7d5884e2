import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { freePort } from '@latchkey/database/testing';
import { answerForms, createBrowser, createTraffic } from '@latchkey/race-suite/wire';
import type { Fleet } from './fleet.ts';
import { createReplica, type Replica } from './replica.ts';

export interface TodoAppOptions {
  readonly fleet: Fleet;
  /** The port on which the todos API will answer; its resource identifier is known to the authorization server. */
  readonly apiPort: number;
  readonly replicas: number;
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** The demo client, as several processes on one database, with the API that it speaks to. */
export interface TodoApp extends AsyncDisposable {
  readonly replicas: readonly Replica[];
  /** Signs in, and gives the Cookie header of the session. */
  signIn(): Promise<string>;
  /** The status with which one process answers a request of the todo page's script. */
  ask(replica: Replica, path: string, cookie: string): Promise<number>;
}

export async function startTodoApp(options: TodoAppOptions): Promise<TodoApp> {
  const { fleet, apiPort, folder, environment } = options;
  const stack = new AsyncDisposableStack();
  const api = `http://localhost:${apiPort}`;
  const ports = await Promise.all(Array.from({ length: options.replicas }, () => freePort()));
  // What a load balancer in front of them would be called.
  const publicUrl = `http://localhost:${ports[0]}`;
  const callback = `${publicUrl}/auth/callback`;
  const { client_id, client_secret } = await fleet.latchkey(
    ...['client', 'add', '--name', 'Todos', '--redirect-uri', callback, '--scope', 'openid profile read:todos'],
  );
  const common = { ISSUER: fleet.issuer, LOG_LEVEL: 'warn', ...environment };
  const ownDatabase: Record<string, string> =
    fleet.postgres === undefined ? {} : { DATABASE_URL: await fleet.postgres.createDatabase() };

  const start = async (entry: string, port: number, settings: Record<string, string>) => {
    const replica = await createReplica({ ...common, ...settings }, { entry, port });
    stack.defer(() => replica.stop());
    await replica.start();
    return replica;
  };
  await start('apps/todos-api/src/main.ts', apiPort, { PUBLIC_URL: api, DATA_DIR: join(folder, 'api') });
  const settings = {
    PUBLIC_URL: publicUrl,
    API_URL: api,
    CLIENT_ID: String(client_id),
    CLIENT_SECRET: String(client_secret),
    SESSION_KEY: randomBytes(32).toString('base64url'),
    DATA_DIR: join(folder, 'client'),
    ...ownDatabase,
  };
  const replicas: Replica[] = [];
  for (const port of ports) replicas.push(await start('apps/demo-client/src/main.ts', port, settings));

  async function send({ port }: Replica, path: string, cookie: string): Promise<IncomingMessage> {
    const headers = { Host: new URL(publicUrl).host, Cookie: cookie, 'X-CSRF': '1' };
    const asked = request({ host: '127.0.0.1', port, path, headers, agent: false }).end();
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    return answer;
  }

  return {
    replicas,
    async signIn() {
      const [replica] = replicas;
      if (!replica) throw new Error('there is no replica to sign in at');
      const begun = await send(replica, '/auth/sign-in?scope=openid+profile+read:todos', '');
      begun.resume();
      const browser = createBrowser({ traffic: createTraffic(), redirectUri: callback, origin: fleet.issuer });
      const first = await browser.go(new URL(begun.headers.location ?? ''));
      const { url, isCallback } = await answerForms(browser, first, fleet.person);
      if (!isCallback) throw new Error(`the sign-in ended at ${url.pathname}`);
      const ended = await send(replica, url.pathname + url.search, cookiesOf(begun));
      await text(ended);
      return cookiesOf(ended);
    },
    async ask(replica, path, cookie) {
      const answer = await send(replica, path, cookie);
      await text(answer);
      return answer.statusCode ?? 0;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

function cookiesOf({ headers }: IncomingMessage): string {
  return (headers['set-cookie'] ?? []).map((line) => line.split(';', 1)[0]).join('; ');
}
