import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Koa from 'koa';
import { expect, expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import { type Authorization, anyOf, createResourceServer, scopesFor } from '../index.ts';
import { openApiDocument } from '../openapi/index.ts';
import { startTestIssuer } from '../testing/index.ts';
import { createApiRouter, guard, problem, unansweredProblems } from './index.ts';

const resource = 'https://api.example';
const scopes = { me: 'Know you', items: 'See your items', extra: 'More' };

/** An API with the routes that a test declares, over real HTTP. */
async function startApi() {
  const issuer = await startTestIssuer({ audience: resource });
  const resourceServer = createResourceServer({ issuer: issuer.issuer, resource, realm: 'test', scopes });
  const api = createApiRouter(resourceServer);
  const app = new Koa();
  app.silent = true;
  app.use(unansweredProblems);
  // Made anew for each request, since a callback knows only the middleware that was there when it was made.
  const server = createServer((request, response) => void app.callback()(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    api,
    app,
    resourceServer,
    mount() {
      app.use(api.middleware());
    },
    async get(path: string, scope?: string) {
      if (scope === undefined) return fetch(url + path);
      return fetch(url + path, { headers: { authorization: `Bearer ${await issuer.accessToken({ scope })}` } });
    },
    getWith: (path: string, authorization: string) => fetch(url + path, { headers: { authorization } }),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await issuer[Symbol.asyncDispose]();
    },
  };
}

const challenged = (response: Response) => /scope="([^"]*)"/.exec(response.headers.get('www-authenticate') ?? '')?.[1];

test('S21, S22: a route needs what the routers around it need, outermost first, each branch on its own', async () => {
  await using town = await startApi();
  const me = town.api.under('/me', { scopes: ['me'] });
  me.get('', { response: z.string() }, ({ auth }) => auth.subject);
  me.get('/items', { scopes: ['items'], response: z.string() }, ({ auth }) => auth.scopes.join());
  me.get('/extra', { scopes: ['extra', 'me'], response: z.string() }, () => 'extra');
  town.api.get('/status', { response: z.string() }, () => 'ok');
  town.mount();

  expect(challenged(await town.get('/me/items'))).toBe('me items');
  expect(challenged(await town.get('/me/extra'))).toBe('me extra');
  expect(challenged(await town.get('/me'))).toBe('me');
  expect(challenged(await town.get('/status'))).toBeUndefined();
  expect((await town.get('/me/items', 'items me')).status).toBe(200);
  expect((await town.get('/me/items', 'items')).status).toBe(403);
  expect((await town.get('/me/items', 'me')).status).toBe(403);
  expect((await town.get('/status', '')).status).toBe(200);
});

test('S18, F11: optional authentication lets the absent pass, never the bad', async () => {
  await using town = await startApi();
  town.api.get('/', { auth: 'optional', scopes: ['me'], response: z.string() }, ({ auth }) => {
    expectTypeOf(auth).toEqualTypeOf<Authorization | undefined>();
    return auth?.subject ?? 'anonymous';
  });
  town.mount();
  expect(await (await town.get('/')).json()).toBe('anonymous');
  expect(await (await town.getWith('/', 'Basic dTpw')).json()).toBe('anonymous');
  expect(await (await town.get('/', 'me')).json()).toBe('alice');
  expect((await town.get('/', '')).status).toBe(403);
  expect((await town.getWith('/', 'Bearer garbage')).status).toBe(401);
  expect((await town.getWith('/', 'Bearer')).status).toBe(400);
});

test('S15, F14, F15: the guard alone enforces, with and without scopes, before any middleware', async () => {
  await using town = await startApi();
  const ran: unknown[] = [];
  town.app.use(guard(town.resourceServer));
  town.app.use(guard(town.resourceServer, { scopes: ['me'] }));
  town.app.use(guard(town.resourceServer, { scopes: ['items'] }));
  town.app.use((ctx) => {
    ran.push(ctx.state.auth.subject);
    ctx.body = 'done';
  });
  expect((await town.get('/')).status).toBe(401);
  expect(challenged(await town.get('/', ''))).toBe('me');
  expect(challenged(await town.get('/', 'me'))).toBe('me items');
  expect(ran).toEqual([]);
  expect((await town.get('/', 'items me')).status).toBe(200);
  expect(ran).toEqual(['alice']);
});

test('the declaration gives the handler its types, and the answer its shape', async () => {
  await using town = await startApi();
  const declaration = {
    params: z.object({ id: z.coerce.number() }),
    query: z.object({ q: z.string().default('none') }),
    response: z.object({ id: z.number(), q: z.string() }),
  } as const;
  town.api.get('/things/:id', declaration, ({ auth, params, query, body }) => {
    expectTypeOf(auth).toEqualTypeOf<Authorization>();
    expectTypeOf(params).toEqualTypeOf<{ id: number }>();
    expectTypeOf(query).toEqualTypeOf<{ q: string }>();
    expectTypeOf(body).toEqualTypeOf<undefined>();
    return params.id === 0 ? problem(404) : { ...params, ...query, secret: 'never declared' };
  });
  town.api.get('/broken', { auth: 'none', response: z.string() }, ({ auth }) => {
    expectTypeOf(auth).toEqualTypeOf<undefined>();
    throw new Error('on purpose');
  });
  town.mount();
  expect(await (await town.get('/things/7?q=x', '')).json()).toEqual({ id: 7, q: 'x' });
  expect((await town.get('/things/0', '')).status).toBe(404);
  expect((await town.get('/things/x', '')).status).toBe(404);
  expect((await town.get('/broken')).status).toBe(500);
});

test('what cannot be meant is refused when it is declared', async () => {
  await using town = await startApi();
  // @ts-expect-error: a scope that is not in the catalogue
  expect(() => town.api.get('/', { scopes: ['itmes'] }, () => {})).toThrow('itmes');
  // @ts-expect-error: the same, for the guard alone
  expect(() => guard(town.resourceServer, { scopes: ['itmes'] })).toThrow('itmes');
  expect(() => town.api.get('/', { auth: 'none', scopes: ['me'] }, () => {})).toThrow('GET /');
  expect(() => town.api.under('', { subject: 'person' }).get('/', { auth: 'none' }, () => {})).toThrow('open');
});

test('S26, F17–F20: the document says what the guards enforce', async () => {
  await using town = await startApi();
  const me = town.api.under('/me', { scopes: ['me'] });
  me.get('/items/:id', { scopes: ['me', 'items'], params: z.object({ id: z.string() }) }, () => {});
  town.api.get('/plain', {}, () => {});
  town.api.get('/optional', { auth: 'optional' }, () => {});
  town.api.get('/open', { auth: 'none' }, () => {});
  const { paths, components } = openApiDocument(town.resourceServer, town.api.routes, {
    title: 'Test',
    version: '1',
    serverUrl: resource,
    authorizationUrl: '/authorize',
    tokenUrl: '/token',
  });
  const security = (path: string) => paths?.[path]?.get?.security;
  expect(security('/me/items/{id}')).toEqual([{ oauth2: ['me', 'items'] }]);
  expect(security('/plain')).toEqual([{ oauth2: [] }]);
  expect(security('/optional')).toEqual([{ oauth2: [] }, {}]);
  expect(security('/open')).toEqual([]);
  expect(components?.securitySchemes?.oauth2).toEqual({
    type: 'oauth2',
    flows: {
      authorizationCode: { authorizationUrl: '/authorize', tokenUrl: '/token', scopes, 'x-usePkce': 'SHA-256' },
    },
  });
});

test('without a schema the result goes out as it is, and no result is 204', async () => {
  await using town = await startApi();
  town.api.get('/mine', { scopes: ['me'] }, ({ auth }) => ({ owner: auth.subject }));
  town.api.get('/nothing', { scopes: ['me'] }, () => undefined);
  town.mount();
  const mine = await town.get('/mine', 'me');
  expect(mine.status).toBe(200);
  expect(await mine.json()).toEqual({ owner: expect.any(String) });
  expect((await town.get('/nothing', 'me')).status).toBe(204);
});

test('S19, S22: guards of the app, the router and the route add up, and the handler can read them at any depth', async () => {
  await using town = await startApi();
  town.app.use(guard(town.resourceServer, { scopes: ['me'] }));
  const read: unknown[] = [];
  town.app.use((ctx, next) => {
    read.push(ctx.state.auth.requiredScopes);
    return next();
  });
  const router = town.api.under('/router', { scopes: ['items'] });
  router.get('/route', { scopes: ['extra', 'me'], response: z.string() }, ({ auth }) => auth.scopeString);
  router.get('/sibling', { response: z.string() }, ({ auth }) => auth.scopeString);
  town.mount();
  expect(await (await town.get('/router/route', 'extra items me')).json()).toBe('me items extra');
  expect(await (await town.get('/router/sibling', 'items me')).json()).toBe('me items');
  expect(challenged(await town.get('/router/route', 'me'))).toBe('me items extra');
  expect(read).toEqual([['me'], ['me'], ['me']]);
});

test('any of several scopes, scopes by the request’s path, a claim and a rule, declared at the route', async () => {
  await using town = await startApi();
  const mine = scopesFor(['me', 'extra'], ({ params }) => (params.id === 'mine' ? ['me'] : ['extra']));
  town.api.get('/any', { scopes: [anyOf('extra', ['me', 'items'])] }, () => 'any');
  town.api.get('/of/:id', { scopes: [mine] }, () => 'of');
  town.api.get('/bob', { allow: ({ subject }) => subject === 'bob' }, () => 'bob');
  town.api.get('/clerk', { claims: { role: 'clerk' } }, () => 'clerk');
  town.mount();
  expect((await town.get('/any', 'me items')).status).toBe(200);
  expect((await town.get('/any', 'me')).status).toBe(403);
  expect((await town.get('/of/mine', 'me')).status).toBe(200);
  expect((await town.get('/of/theirs', 'me')).status).toBe(403);
  expect(challenged(await town.get('/of/theirs', 'me'))).toBe('extra');
  expect((await town.get('/bob', '')).status).toBe(403);
  expect((await town.get('/clerk', '')).status).toBe(403);
  // @ts-expect-error: a scope that is not in the catalogue, inside of a choice
  expect(() => town.api.get('/', { scopes: [anyOf('itmes')] }, () => {})).toThrow('itmes');
});

test('what every route needs is said once', async () => {
  await using town = await startApi();
  const api = createApiRouter(town.resourceServer, { prefix: '/v1', needs: { scopes: ['me'] } });
  api.get('/a', { scopes: ['items'] }, ({ auth }) => ({ needed: auth.requiredScopes }));
  town.app.use(api.middleware());
  expect(challenged(await town.get('/v1/a'))).toBe('me items');
  expect(await (await town.get('/v1/a', 'me items')).json()).toEqual({ needed: ['me', 'items'] });
  expect(() => api.get('/open', { auth: 'none' }, () => {})).toThrow('open');
});

test('guards of two resource servers do not add up: each has scopes of its own', async () => {
  await using town = await startApi();
  const other = createResourceServer({
    issuer: town.resourceServer.issuers[0] ?? '',
    resource: 'https://other.example/api',
    realm: 'other',
    scopes: { other: 'Other' },
  });
  town.app.use(guard(town.resourceServer, { scopes: ['me'] }));
  town.app.use(guard(other, { scopes: ['other'] }));
  expect(challenged(await town.get('/', 'me'))).toBe('other');
});
