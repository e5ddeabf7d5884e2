import { once } from 'node:events';
import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { cors } from 'hono/cors';
import { expect, expectTypeOf, test } from 'vitest';
import { describeGuards } from '../binding/suite/guard-suite.ts';
import { appOf } from '../binding/suite/listening-server.ts';
import { roomScopes, type SuiteServer, seen, type User } from '../binding/suite/suite-app.ts';
import type { Authorization } from '../index.ts';
import { authOf, type GuardVariables, guard, metadataRoute, optionalAuthOf } from './index.ts';

describeGuards('Hono', async (resourceServer, ran) => {
  const again = guard(resourceServer, { scopes: ['me'] });
  const me = new Hono<{ Variables: GuardVariables<User> }>()
    .use(guard(resourceServer, { scopes: ['me'] }))
    .use(async (_, next) => {
      await next();
    })
    .get('/', (c) => {
      ran();
      return c.json(seen(c.var.auth));
    })
    .get('/items', guard(resourceServer, { scopes: ['items'] }), (c) => {
      ran();
      return c.json(seen(c.var.auth));
    })
    .get('/extra', guard(resourceServer, { scopes: ['extra', 'me'] }), (c) => c.json(seen(c.var.auth)))
    .get('/twice', again, again, (c) => c.json(seen(authOf(c, resourceServer))))
    .post('/echo', async (c) => c.body(await c.req.text()));

  const api = new Hono()
    .get('/status', guard(resourceServer), (c) => {
      ran();
      return c.json(seen(c.var.auth));
    })
    .route('/me', me)
    .get('/optional', guard(resourceServer, {}, 'optional'), (c) => {
      ran();
      return c.json(c.var.auth ? seen(c.var.auth) : 'anonymous');
    })
    .get('/rooms/:room', guard(resourceServer, { scopes: [roomScopes] }), (c) => c.json(seen(c.var.auth)));

  const app = new Hono()
    .use(metadataRoute(resourceServer))
    .use(cors())
    .get('/open', (c) => {
      try {
        return c.text(authOf(c).subject);
      } catch (error) {
        return c.text(String(error));
      }
    })
    .route('/api', api);
  app.onError((_, c) => c.body(null, 503));
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as Server;
  await once(server, 'listening');
  return appOf(server);
});

test('what the guard has found is typed where it is declared with the route', () => {
  const typed = (resourceServer: SuiteServer) =>
    new Hono()
      .get('/:id', guard(resourceServer, { scopes: ['me'] }), (c) => {
        expectTypeOf(c.var.auth).toEqualTypeOf<Authorization<User>>();
        expectTypeOf(c.req.param('id')).toEqualTypeOf<string>();
        return c.body(null);
      })
      .get('/', guard(resourceServer, {}, 'optional'), (c) => {
        expectTypeOf(c.var.auth).toEqualTypeOf<Authorization<User> | undefined>();
        expectTypeOf(optionalAuthOf(c, resourceServer)).toEqualTypeOf<Authorization<User> | undefined>();
        // @ts-expect-error: a scope that is not in the catalogue
        guard(resourceServer, { scopes: ['itmes'] });
        return c.body(null);
      });
  expect(typed).toBeTypeOf('function');
});
