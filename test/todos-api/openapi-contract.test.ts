import { anyOf, createResourceServer } from '@latchkey/resource-server';
import { createApiRouter, unansweredProblems } from '@latchkey/resource-server/koa';
import { openApiDocument } from '@latchkey/resource-server/openapi';
import { startTestIssuer } from '@latchkey/resource-server/testing';
import { listen } from '@latchkey/service';
import Koa from 'koa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { ContractDocument, Operation } from './openapi-answers.ts';
import { type ContractRun, disagreements } from './openapi-contract.ts';
import { startTodosApiTown, type TodosApiTown } from './todos-api-town.ts';

let town: TodosApiTown;
let run: ContractRun;
beforeAll(async () => {
  town = await startTodosApiTown();
  const scopes = ['read:todos', 'write:todos', 'admin'];
  const token = (scope: string) => town.token(scope, { auth_time: Math.floor(Date.now() / 1000) });
  const document = (await (await town.call('/openapi.json')).json()) as ContractDocument;
  run = {
    document,
    scopes,
    call: (path, request) => town.call(path, request),
    token,
    async pathValue() {
      const made = await town.call('/api/todos', {
        method: 'POST',
        token: await token('write:todos'),
        json: { title: 'x' },
      });
      return ((await made.json()) as { id: string }).id;
    },
    body: (schema) => exampleOf(schema, document),
  };
});
afterAll(() => town[Symbol.asyncDispose]());

test('S3, S13, S15, S25, S26, F15: the todos API does what its document says, operation by operation, and nothing else', async () => {
  expect(await disagreements(run)).toEqual([]);
});

test('what the document says of a parameter can be met: what it lists is of the type that it names', () => {
  const operations = Object.values(run.document.paths ?? {}).flatMap((item): Operation[] => Object.values(item));
  const schemas = operations.flatMap(({ parameters = [] }) => parameters.map(({ schema }) => schema));
  expect(schemas.length).toBeGreaterThan(5);
  for (const { type, enum: listed = [], pattern } of schemas) {
    for (const value of listed) expect(typeof value).toBe(type);
    if (type !== 'string') expect(pattern).toBeUndefined();
  }
});

const planted: [string, (document: ReturnType<typeof copy>) => void, RegExp][] = [
  [
    'another scope',
    ({ list }) => list({ security: [{ oauth2: ['admin'] }] }),
    /GET \/api\/todos .*200 instead of 403|403 instead of 200/,
  ],
  [
    'a scope too many',
    ({ list }) => list({ security: [{ oauth2: ['read:todos', 'admin'] }] }),
    /without admin: 200 instead of 403/,
  ],
  ['no guard at all', ({ list }) => list({ security: [] }), /without a token: 401 instead of 200/],
  ['no 403', ({ list, responses }) => list({ responses: { ...responses, 403: undefined } }), /403 is not documented/],
  [
    'another body',
    ({ list, responses }) => list({ responses: { ...responses, 200: json({ type: 'object' }) } }),
    /does not fit: data must be object/,
  ],
  [
    'an operation less',
    ({ paths }) => void delete paths['/api/todos']?.post,
    /POST \/api\/todos: \d+, and yet it is not documented/,
  ],
];

test.each(planted)('a document with %s is found out', async (_, plant, words) => {
  const document = structuredClone(run.document) as { paths: Paths };
  plant(copy(document.paths));
  expect((await disagreements({ ...run, document })).join('\n')).toMatch(words);
});

test('S13, S19, S22: an API with choices and several levels does, too', async () => {
  await using api = await startApiWithChoices();
  expect(await disagreements(api.run)).toEqual([]);
});

type Paths = Record<string, Record<string, Record<string, unknown>>>;

/** The operation that lists todos, to be written over. */
function copy(paths: Paths) {
  const operation = paths['/api/todos']?.get ?? {};
  return {
    paths,
    responses: operation.responses as object,
    list: (over: object) => void Object.assign(operation, over),
  };
}

function json(schema: object): object {
  return { description: 'x', content: { 'application/json': { schema } } };
}

/** By the examples of its members. */
function exampleOf(schema: object, document: object): unknown {
  const { $ref, properties } = schema as {
    $ref?: string;
    properties?: Record<string, { example?: unknown; default?: unknown }>;
  };
  if ($ref !== undefined) {
    const parts = $ref.slice(2).split('/');
    return exampleOf(
      parts.reduce<unknown>((at, part) => (at as Record<string, unknown>)[part], document) as object,
      document,
    );
  }
  const examples = Object.entries(properties ?? {}).map(([name, { example, default: usual }]) => [
    name,
    example ?? usual,
  ]);
  return Object.fromEntries(examples.filter(([, value]) => value !== undefined));
}

async function startApiWithChoices() {
  const resource = 'https://api.example';
  const issuer = await startTestIssuer({ audience: resource });
  const scopes = { read: 'Read', audit: 'Audit', admin: 'Administer', me: 'Know you' };
  const resourceServer = createResourceServer({ issuer: issuer.issuer, resource, realm: 'choices', scopes });
  const api = createApiRouter(resourceServer, { needs: { scopes: ['me'] } });
  const response = z.string();
  api.get('/choice', { scopes: [anyOf('admin', ['read', 'audit'])], response }, () => 'chosen');
  api.under('/deep', { scopes: ['read'] }).get('/er', { scopes: ['audit', 'read'], response }, () => 'deep');
  api.get('/me', { response }, ({ auth }) => auth.subject);
  const app = new Koa().use(unansweredProblems).use(api.middleware());
  const listener = await listen({ handler: app.callback(), host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${listener.port}`;
  const addresses = { serverUrl: url, authorizationUrl: `${url}/authorize`, tokenUrl: `${url}/token` };
  const document = openApiDocument(resourceServer, api.routes, { title: 'Choices', version: '1', ...addresses });
  const run: ContractRun = {
    document: JSON.parse(JSON.stringify(document)),
    scopes: Object.keys(scopes),
    call: (path, { method, token }) =>
      fetch(url + path, { method, headers: token === undefined ? {} : { authorization: `Bearer ${token}` } }),
    token: (scope) => issuer.accessToken({ scope }),
    pathValue: async () => 'x',
    body: () => undefined,
  };
  return {
    run,
    async [Symbol.asyncDispose]() {
      await listener[Symbol.asyncDispose]();
      await issuer[Symbol.asyncDispose]();
    },
  };
}
