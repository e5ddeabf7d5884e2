import { once } from 'node:events';
import { connect } from 'node:http2';
import { text } from 'node:stream/consumers';
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { expect, expectTypeOf, test } from 'vitest';
import { describeGuards } from '../binding/suite/guard-suite.ts';
import { appOf } from '../binding/suite/listening-server.ts';
import { resource, roomScopes, type SuiteServer, scopes, seen, type User } from '../binding/suite/suite-app.ts';
import { type Authorization, createResourceServer } from '../index.ts';
import { createTestIssuer } from '../testing/index.ts';
import { authOf, guard, metadataRoute, optionalAuthOf } from './index.ts';

describeGuards('Fastify', async (resourceServer, ran) => {
  const who = async (request: FastifyRequest) => {
    ran();
    return seen(authOf(request, resourceServer));
  };

  const me = async (instance: FastifyInstance) => {
    instance.addHook('onRequest', guard(resourceServer, { scopes: ['me'] }));
    instance.get('/', who);
    instance.get('/items', { onRequest: guard(resourceServer, { scopes: ['items'] }) }, who);
    instance.get('/extra', { preHandler: guard(resourceServer, { scopes: ['extra', 'me'] }) }, who);
    const again = guard(resourceServer, { scopes: ['me'] });
    instance.get('/twice', { onRequest: [again, again] }, who);
    instance.post('/echo', async (request) => request.body);
  };
  const api = async (instance: FastifyInstance) => {
    instance.get('/status', { onRequest: guard(resourceServer) }, who);
    instance.register(me, { prefix: '/me' });
    instance.get('/optional', { onRequest: guard(resourceServer, {}, 'optional') }, async (request, reply) => {
      ran();
      const auth = optionalAuthOf(request, resourceServer);
      return reply.send(auth ? seen(auth) : '"anonymous"');
    });
    instance.get('/rooms/:room', { onRequest: guard(resourceServer, { scopes: [roomScopes] }) }, who);
  };

  const app = fastify();
  app.addHook('onRequest', async (request, reply) => {
    if (request.method === 'OPTIONS' && request.headers['access-control-request-method']) return reply.code(204).send();
    return undefined;
  });
  app.setErrorHandler<{ statusCode?: number }>((error, _, reply) => reply.code(error.statusCode ?? 503).send());
  app.route(metadataRoute(resourceServer));
  app.options('*', async (_, reply) => reply.code(404).send());
  app.get('/open', async (request) => {
    try {
      return authOf(request).subject;
    } catch (error) {
      return String(error);
    }
  });
  app.register(api, { prefix: '/api' });
  await app.listen({ port: 0, host: '127.0.0.1' });
  return appOf(app.server);
});

test('it guards HTTP/2 as well', async () => {
  const issuer = await createTestIssuer({ audience: resource, scopes: ['me'] });
  const resourceServer = createResourceServer({ resource, realm: 'test', scopes, ...issuer.options });
  const app = fastify({ http2: true });
  app.get('/me', { onRequest: guard(resourceServer, { scopes: ['me'] }) }, async (request) => authOf(request).subject);
  const session = connect(await app.listen({ port: 0, host: '127.0.0.1' }));
  const ask = async (headers: Record<string, string> = {}) => {
    const stream = session.request({ ':path': '/me', ...headers });
    const [answer] = await once(stream, 'response');
    return [answer[':status'], await text(stream)];
  };
  expect(await ask()).toEqual([401, expect.stringContaining('Not authenticated')]);
  expect(await ask(await issuer.bearer())).toEqual([200, 'alice']);
  session.close();
  await app.close();
});

test('the guard leaves the types of a route alone, and gives the user theirs', () => {
  const typed = (resourceServer: SuiteServer) =>
    fastify().get<{ Params: { id: string } }>('/:id', { preHandler: guard(resourceServer) }, async (request) => {
      expectTypeOf(request.params.id).toEqualTypeOf<string>();
      expectTypeOf(authOf(request, resourceServer)).toEqualTypeOf<Authorization<User>>();
      expectTypeOf(optionalAuthOf(request, resourceServer)).toEqualTypeOf<Authorization<User> | undefined>();
      // @ts-expect-error: a scope that is not in the catalogue
      guard(resourceServer, { scopes: ['itmes'] });
    });
  expect(typed).toBeTypeOf('function');
});
