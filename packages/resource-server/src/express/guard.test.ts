import express, { type NextFunction, type Request, type Response, Router } from 'express';
import { expect, expectTypeOf, test } from 'vitest';
import { describeGuards } from '../binding/suite/guard-suite.ts';
import { listening } from '../binding/suite/listening-server.ts';
import { roomScopes, type SuiteServer, seen, type User } from '../binding/suite/suite-app.ts';
import type { Authorization } from '../index.ts';
import { authOf, guard, metadataRoute, optionalAuthOf } from './index.ts';

describeGuards('Express', async (resourceServer, ran) => {
  const who = (request: Request, response: Response) => {
    ran();
    response.json(seen(authOf(request, resourceServer)));
  };

  const me = Router();
  me.use(guard(resourceServer, { scopes: ['me'] }));
  me.get('/', who);
  me.get('/items', guard(resourceServer, { scopes: ['items'] }), who);
  me.get('/extra', guard(resourceServer, { scopes: ['extra', 'me'] }), who);
  const again = guard(resourceServer, { scopes: ['me'] });
  me.get('/twice', again, again, who);
  me.post('/echo', (request, response) => void request.pipe(response));

  const api = Router();
  api.get('/status', guard(resourceServer), who);
  api.use('/me', me);
  api.get('/optional', guard(resourceServer, {}, 'optional'), (request, response) => {
    ran();
    const auth = optionalAuthOf(request, resourceServer);
    response.json(auth ? seen(auth) : 'anonymous');
  });
  api.get('/rooms/:room', guard(resourceServer, { scopes: [roomScopes] }), who);

  const app = express();
  app.use(metadataRoute(resourceServer));
  app.use((request, response, next) => (request.method === 'OPTIONS' ? void response.sendStatus(204) : next()));
  app.get('/open', (request, response) => {
    try {
      response.send(authOf(request).subject);
    } catch (error) {
      response.send(String(error));
    }
  });
  app.use('/api', api);
  app.use((error: { status?: number }, _: Request, response: Response, __: NextFunction) => {
    response.sendStatus(error.status ?? 503);
  });
  return listening(app);
});

test('the guard leaves the types of a route alone, and gives the user theirs', () => {
  const typed = (resourceServer: SuiteServer) =>
    express().get('/notes/:id', guard(resourceServer, { scopes: ['me'] }), (request, response) => {
      expectTypeOf(request.params.id).toEqualTypeOf<string>();
      expectTypeOf(authOf(request, resourceServer)).toEqualTypeOf<Authorization<User>>();
      expectTypeOf(authOf(request).user).toEqualTypeOf<unknown>();
      expectTypeOf(optionalAuthOf(request, resourceServer)).toEqualTypeOf<Authorization<User> | undefined>();
      response.end();
      // @ts-expect-error: a scope that is not in the catalogue
      guard(resourceServer, { scopes: ['itmes'] });
    });
  expect(typed).toBeTypeOf('function');
});
