import { expect, test } from 'vitest';
import { z } from 'zod';
import { createResourceServer } from '../index.ts';
import { createApiRouter } from '../koa/index.ts';
import { anyOf, scopesFor } from '../requirement/scope-needs.ts';
import { openApiDocument } from './index.ts';
import { sharedResponses } from './openapi-responses.ts';

const scopes = { read: 'Read things', write: 'Write things', admin: 'Do everything' };
const resourceServer = createResourceServer({
  issuer: 'https://login.example',
  resource: 'https://api.example',
  realm: 'test',
  scopes,
});
const options = {
  title: 'Test',
  version: '1',
  serverUrl: 'https://api.example',
  authorizationUrl: 'https://login.example/authorize',
  tokenUrl: 'https://login.example/token',
};

function documentOf(api: ReturnType<typeof apiOf>, more: object = {}) {
  return openApiDocument(resourceServer, api.routes, { ...options, ...more });
}

function apiOf(...ofAll: (keyof typeof scopes)[]) {
  return createApiRouter(resourceServer, { needs: { scopes: ofAll } });
}

const handler = () => {};

test('F17, F18: guards of app, router and route come together in one requirement, each scope once, the outermost first', () => {
  const api = apiOf('read');
  api.under('/things', { scopes: ['read', 'write'] }).get('/:id', { scopes: ['write', 'read'] }, handler);
  expect(documentOf(api).paths?.['/things/{id}']?.get?.security).toEqual([{ oauth2: ['read', 'write'] }]);
});

test('F19: an operation that needs a token and no scope says so', () => {
  const api = apiOf();
  api.get('/', {}, handler);
  expect(documentOf(api).paths?.['/']?.get?.security).toEqual([{ oauth2: [] }]);
});

test('S26: what is needed together is one object, choices are several, and none is there twice', () => {
  const api = apiOf('read');
  api.get('/', { scopes: [anyOf('admin', ['read', 'write'], ['write', 'read'])] }, handler);
  expect(documentOf(api).paths?.['/']?.get?.security).toEqual([
    { oauth2: ['read', 'admin'] },
    { oauth2: ['read', 'write'] },
  ]);
});

test('S26: scopes that depend on the request are told in words', () => {
  const api = apiOf('read');
  api.get('/', { scopes: [scopesFor(['admin'], () => [])], description: 'Things.' }, handler);
  const operation = documentOf(api).paths?.['/']?.get;
  expect(operation?.security).toEqual([{ oauth2: ['read'] }]);
  expect(operation?.description).toBe('Things.\n\nSome requests also need `admin`.');
});

test.each(['https://login.example/oauth/token', '/token', 'token'])(
  'S25, F20: the scheme is what was declared, with its URLs, %s among them, and the words of each scope',
  (url) => {
    const addresses = { authorizationUrl: url, tokenUrl: url, refreshUrl: url };
    expect(documentOf(apiOf(), addresses).components?.securitySchemes).toEqual({
      oauth2: { type: 'oauth2', flows: { authorizationCode: { ...addresses, scopes, 'x-usePkce': 'SHA-256' } } },
    });
  },
);

test('F21: the scheme has a description where one is given, and no empty one elsewhere', () => {
  const schemeOf = (more: object) => documentOf(apiOf(), more).components?.securitySchemes?.oauth2;
  expect(schemeOf({ schemeDescription: 'Sign in' })).toMatchObject({ description: 'Sign in' });
  expect(schemeOf({})).not.toHaveProperty('description');
  expect(schemeOf({})).not.toHaveProperty('flows.authorizationCode.refreshUrl');
});

test('F22: a webhook says what it needs, as a route does, and is none', () => {
  const sent = apiOf('read');
  sent.post('', { scopes: ['write'], body: z.object({ id: z.string() }) }, handler);
  const [newThing] = sent.routes;
  const document = documentOf(apiOf(), { webhooks: { newThing } });
  expect(document.webhooks?.newThing).toMatchObject({ post: { security: [{ oauth2: ['read', 'write'] }] } });
  expect(document.paths).toEqual({});
});

test('each refusal and problem that is shared has examples that it could be', () => {
  for (const [name, { content }] of Object.entries(sharedResponses))
    for (const { schema, ...shown } of Object.values((content ?? {}) as Record<string, Shown>)) {
      const examples =
        'example' in shown ? [shown.example] : Object.values(shown.examples ?? {}).map(({ value }) => value);
      expect(examples, name).not.toEqual([]);
      for (const each of examples) expect(schema.parse(each), name).toEqual(each);
    }
});

interface Shown {
  readonly schema: z.ZodType;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}
