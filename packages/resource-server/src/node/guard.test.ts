import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import {
  connect,
  createServer as createHttp2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, expectTypeOf, test } from 'vitest';
import { describeGuards } from '../binding/suite/guard-suite.ts';
import { listening } from '../binding/suite/listening-server.ts';
import { resource, roomScopes, type SuiteServer, scopes, seen, type User } from '../binding/suite/suite-app.ts';
import { type Authorization, createResourceServer } from '../index.ts';
import { createTestIssuer } from '../testing/index.ts';
import { authOf, guard, guarded, metadataRoute, optionalAuthOf } from './index.ts';

describeGuards('node:http', async (resourceServer, ran) => {
  type Listener = (request: IncomingMessage, response: ServerResponse) => unknown;

  const who: Listener = (request, response) => {
    ran();
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(seen(authOf(request, resourceServer))));
  };
  const again = guard(resourceServer, { scopes: ['me'] });
  const me: Record<string, Listener> = {
    'GET /': who,
    'GET /items': guarded(resourceServer, { scopes: ['items'] }, who),
    'GET /extra': guarded(resourceServer, { scopes: ['extra', 'me'] }, who),
    'GET /twice': async (request, response) => {
      if ((await again(request, response)) && (await again(request, response))) who(request, response);
    },
    'POST /echo': (request, response) => request.pipe(response),
  };
  const routes: Record<string, Listener> = {
    'GET /open': (request, response) => {
      try {
        response.end(authOf(request).subject);
      } catch (error) {
        response.end(String(error));
      }
    },
    'GET /api/status': guarded(resourceServer, {}, who),
    'GET /api/optional': guarded(
      resourceServer,
      {},
      (_, response: ServerResponse, auth) => {
        ran();
        response.end(JSON.stringify(auth ? seen(auth) : 'anonymous'));
      },
      'optional',
    ),
    'GET /api/rooms': guarded(resourceServer, { scopes: [roomScopes] }, who),
  };
  const routeMe = guarded(resourceServer, { scopes: ['me'] }, (request: IncomingMessage, response: ServerResponse) => {
    // As routers that are mounted somewhere do.
    request.url = (request.url ?? '').replace('/api/me', '') || '/';
    return found(me, request)(request, response);
  });

  function found(among: Record<string, Listener>, { method = '', url = '' }: IncomingMessage): Listener {
    const path = url.split('?', 1)[0]?.replace(/^(\/api\/rooms)\/\w+$/, '$1');
    const notFound: Listener = (_, response) => response.writeHead(404).end();
    return among[`${method === 'HEAD' ? 'GET' : method} ${path}`] ?? notFound;
  }

  const servedMetadata = metadataRoute(resourceServer);
  return listening(async (request, response) => {
    if (servedMetadata(request, response)) return;
    if (request.method === 'OPTIONS') return void response.writeHead(204).end();
    const listener = request.url?.startsWith('/api/me') ? routeMe : found(routes, request);
    try {
      await listener(request, response);
    } catch {
      response.writeHead(503).end();
    }
  });
});

async function serverForTypes() {
  const issuer = await createTestIssuer({ audience: resource, scopes: ['me'] });
  return { issuer, resourceServer: createResourceServer({ resource, realm: 'test', scopes, ...issuer.options }) };
}

test('it guards HTTP/2 as well', async () => {
  const { issuer, resourceServer } = await serverForTypes();
  const listener = guarded(
    resourceServer,
    { scopes: ['me'] },
    (_: Http2ServerRequest, response: Http2ServerResponse, auth) => response.end(auth.subject),
  );
  const server = createHttp2Server(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const ask = async (headers: Record<string, string> = {}) => {
    const stream = session.request({ ':path': '/me', ...headers });
    const [answer] = await once(stream, 'response');
    return [answer[':status'], await text(stream)];
  };
  expect(await ask()).toEqual([401, expect.stringContaining('Not authenticated')]);
  expect(await ask(await issuer.bearer())).toEqual([200, 'alice']);
  session.close();
  server.close();
});

test('a refusal has its length and no chunks, and who was refused is nobody even if the app goes on', async () => {
  const { issuer, resourceServer } = await serverForTypes();
  const found: unknown[] = [];
  const mayPass = guard(resourceServer);
  const mayHaveItems = guard(resourceServer, { scopes: ['items'] });
  await using app = await listening(async (request, response) => {
    await mayPass(request, response);
    found.push(optionalAuthOf(request)?.subject);
    await mayHaveItems(request, response);
    try {
      optionalAuthOf(request);
    } catch (error) {
      found.push(String(error));
    }
  });
  const answer = await fetch(`http://127.0.0.1:${app.port}/`, { headers: await issuer.bearer('me') });
  expect(Number(answer.headers.get('content-length'))).toBe((await answer.text()).length);
  expect(found).toEqual(['alice', expect.stringContaining('No guard')]);
});

test('who passed the guard of one API has not passed that of another', async () => {
  const { issuer, resourceServer } = await serverForTypes();
  const { resourceServer: other } = await serverForTypes();
  const said: string[] = [];
  await using app = await listening(
    guarded(resourceServer, { scopes: ['me'] }, (request: IncomingMessage, response: ServerResponse) => {
      said.push(authOf(request).subject);
      expect(() => authOf(request, other)).toThrow('No guard');
      response.end();
    }),
  );
  await fetch(`http://127.0.0.1:${app.port}/`, { headers: await issuer.bearer() });
  expect(said).toEqual(['alice']);
});

test('behind an optional guard nobody is mistaken for somebody', async () => {
  const { resourceServer } = await serverForTypes();
  const said: string[] = [];
  const listener = guarded(
    resourceServer,
    {},
    (request: IncomingMessage, response: ServerResponse) => {
      expect(() => authOf(request)).toThrow('anonymous');
      said.push(String(optionalAuthOf(request)));
      response.end();
    },
    'optional',
  );
  await using app = await listening(listener);
  await fetch(`http://127.0.0.1:${app.port}/`);
  expect(said).toEqual(['undefined']);
});

test('the listener’s third argument is who is calling, typed', () => {
  const typed = (resourceServer: SuiteServer) => [
    createServer(
      guarded(resourceServer, { scopes: ['me'] }, (request, response, auth) => {
        expectTypeOf(request).toEqualTypeOf<IncomingMessage>();
        expectTypeOf(auth).toEqualTypeOf<Authorization<User>>();
        response.writeHead(200).end();
      }),
    ),
    guarded(
      resourceServer,
      {},
      (_, __, auth) => expectTypeOf(auth).toEqualTypeOf<Authorization<User> | undefined>(),
      'optional',
    ),
    // @ts-expect-error: a scope that is not in the catalogue
    () => guard(resourceServer, { scopes: ['itmes'] }),
  ];
  expect(typed).toBeTypeOf('function');
});
