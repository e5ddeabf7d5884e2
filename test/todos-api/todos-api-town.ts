import type { RequestListener } from 'node:http';
import { openDatabase } from '@latchkey/database';
import { temporaryDatabase, testEngine } from '@latchkey/database/testing';
import { startTestIssuer, type TestIssuer } from '@latchkey/resource-server/testing';
import { createLogger, listen } from '@latchkey/service';
import { resolveFromRoot } from '@latchkey/settings';
import { createTodosApi, type TodosApiOptions, type TodosApiTables } from '../../apps/todos-api/src/server.ts';

export interface TodosApiTown extends AsyncDisposable {
  /** The API's origin. */
  readonly url: string;
  readonly issuer: TestIssuer;
  /** A token of the issuer with these scopes, and claims put over the usual ones. */
  token(scope: string, claims?: Record<string, unknown>): Promise<string>;
  /** One request; `token` goes into the Authorization header, `json` becomes the body. */
  call(path: string, options?: CallOptions): Promise<Response>;
}

interface CallOptions {
  readonly method?: string;
  readonly token?: string | undefined;
  readonly headers?: Record<string, string>;
  readonly json?: unknown;
  readonly body?: RequestInit['body'];
}

interface TownOptions extends Partial<Pick<TodosApiOptions, 'accept' | 'now' | 'logger'>> {
  readonly rateLimitPerMinute?: number;
  /** Whoever is told what passes, by the API's origin. */
  readonly flowReports?: (publicUrl: string) => NonNullable<TodosApiOptions['flowReports']>;
}

/** The todos API on a free port, over real HTTP, and an issuer whose tokens it takes. */
export async function startTodosApiTown({ rateLimitPerMinute, flowReports, ...options }: TownOptions = {}) {
  // The API must know its own origin, and the origin is known once the port is: so the door opens before the house.
  let handler: RequestListener = (_, response) => response.writeHead(503).end();
  const listener = await listen({
    handler: (request, response) => handler(request, response),
    host: 'localhost',
    port: 0,
  });
  const url = `http://localhost:${listener.port}`;
  const resource = `${url}/api`;
  const issuer = await startTestIssuer({ audience: resource, ...(options.now && { now: options.now }) });
  const place = await temporaryDatabase(testEngine);
  const database = await openDatabase<TodosApiTables>({ ...place, migrations: resolveFromRoot('db/todos-api') });
  ({ handler } = createTodosApi({
    settings: {
      publicUrl: url,
      issuer: issuer.issuer,
      resource,
      proxyHops: 0,
      docsClientId: 'todos-docs',
      docsHint: undefined,
      rateLimitPerMinute,
    },
    database,
    logger: createLogger('todos-api', 'silent'),
    ...(flowReports && { flowReports: flowReports(url) }),
    ...options,
  }));

  return {
    url,
    issuer,
    token: (scope, claims) => issuer.accessToken({ scope, ...claims }),
    call(path, { method = 'GET', token, headers = {}, json, body } = {}) {
      const init: RequestInit = { method, redirect: 'manual', headers: { ...headers } };
      if (token !== undefined) init.headers = { ...init.headers, authorization: `Bearer ${token}` };
      if (json !== undefined) init.headers = { 'content-type': 'application/json', ...init.headers };
      const content = json !== undefined ? JSON.stringify(json) : body;
      return fetch(url + path, content === undefined ? init : { ...init, body: content });
    },
    async [Symbol.asyncDispose]() {
      await listener[Symbol.asyncDispose]();
      await issuer[Symbol.asyncDispose]();
      await database.close();
      await place[Symbol.asyncDispose]();
    },
  } satisfies TodosApiTown as TodosApiTown;
}
