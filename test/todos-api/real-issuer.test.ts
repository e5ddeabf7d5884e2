import { hash } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { openDatabase } from '@latchkey/database';
import { createLogger, listen } from '@latchkey/service';
import { resolveFromRoot } from '@latchkey/settings';
import { expect, test } from 'vitest';
import { createTodosApi, type TodosApiTables } from '../../apps/todos-api/src/server.ts';
import { stopClock } from '../authorization-server/clock.ts';
import { startTown } from '../authorization-server/town.ts';
import { wallet } from '../authorization-server/wallet.ts';

/** The authorization server and the todos API as they run in the world: each knows of the other only what it publishes. */
async function startBoth() {
  let handler: RequestListener = (_, response) => response.writeHead(503).end();
  const listener = await listen({ handler: (q, s) => handler(q, s), host: 'localhost', port: 0 });
  const url = `http://localhost:${listener.port}`;
  const resource = `${url}/api`;
  const town = await startTown({ TODOS_API_RESOURCE: resource });
  const database = await openDatabase<TodosApiTables>({
    file: ':memory:',
    migrations: resolveFromRoot('db/todos-api'),
  });
  ({ handler } = createTodosApi({
    settings: {
      publicUrl: url,
      issuer: town.issuer,
      resource,
      proxyHops: 0,
      docsClientId: 'todos-docs',
      docsHint: undefined,
    },
    database,
    logger: createLogger('todos-api', 'silent'),
  }));
  return {
    town,
    url,
    call: (path: string, token: unknown, method = 'GET', json?: unknown) =>
      fetch(url + path, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      }),
    async [Symbol.asyncDispose]() {
      await listener[Symbol.asyncDispose]();
      await database.close();
      await town[Symbol.asyncDispose]();
    },
  };
}

test("S28: somebody else's app with half of a grant is served that half, and told what is missing", async () => {
  await using both = await startBoth();
  const planner = await both.town.app();
  const scope = 'openid read:todos write:todos';
  const tokens = await both.town.person('alice').connect(planner, { scope }, { without: ['write:todos'] });

  expect((await both.call('/api/todos', tokens.access_token)).status).toBe(200);
  const refused = await both.call('/api/todos', tokens.access_token, 'POST', { title: 'Water the plants' });
  expect(refused.status).toBe(403);
  const challenge = refused.headers.get('www-authenticate');
  expect(challenge).toContain('error="insufficient_scope", error_description="Missing required scope: write:todos"');
  expect(challenge).toContain('scope="write:todos"');
});

test('S43: our own form, our own people, our own tokens: Alice signs in and keeps a todo that Bob cannot see', async () => {
  await using both = await startBoth();
  const planner = await both.town.app();
  const scope = 'openid read:todos write:todos';
  const alices = (await both.town.person('alice').connect(planner, { scope })).access_token;
  const bobs = (await both.town.person('bob').connect(planner, { scope })).access_token;

  const added = await both.call('/api/todos', alices, 'POST', { title: 'Water the plants' });
  expect(added.status).toBe(201);
  const { id } = (await added.json()) as { id: string };
  expect((await both.call(`/api/todos/${id}`, bobs)).status).toBe(404);
  expect((await both.call(`/api/todos/${id}`, alices)).status).toBe(200);
});

test('S29: neither an ID token nor a refresh token nor a token for /userinfo opens the API', async () => {
  await using both = await startBoth();
  const planner = await both.town.app();
  const alice = both.town.person('alice');
  const forApi = await alice.connect(planner);
  const forUserinfo = await alice.connect(planner, { scope: 'openid profile' });

  for (const token of [forApi.id_token, forApi.refresh_token, forUserinfo.access_token]) {
    const refused = await both.call('/api/todos', token);
    expect(refused.status).toBe(401);
    expect(await refused.json()).toEqual({ error: 'invalid_token', error_description: 'Invalid token' });
  }
});

test('S11, S30: a token that has run out is refused by name, and a refresh brings one that is taken', async () => {
  await using both = await startBoth();
  using clock = stopClock();
  const planner = await both.town.app();
  const tokens = await both.town.person('alice').connect(planner);
  clock.advance(310);

  const refused = await both.call('/api/todos', tokens.access_token);
  expect(refused.status).toBe(401);
  expect(await refused.json()).toMatchObject({ error_description: 'Token expired' });
  const { body } = await planner.refresh(tokens.refresh_token);
  expect((await both.call('/api/todos', body.access_token)).status).toBe(200);
});

test('S40: a client on its own behalf has no todos, whatever its scopes', async () => {
  await using both = await startBoth();
  const robot = await both.town.app({ grant_types: ['client_credentials'], redirect_uris: [], scope: 'read:todos' });
  const { body } = await robot.token({ grant_type: 'client_credentials', scope: 'read:todos' });
  expect(body.scope).toBe('read:todos');
  expect((await robot.token({ grant_type: 'client_credentials', scope: 'write:todos' })).body.scope).toBe('');
  expect((await robot.token({ grant_type: 'client_credentials' })).body).not.toHaveProperty('scope');

  const refused = await both.call('/api/todos', body.access_token);
  expect(refused.status).toBe(403);
  expect(await refused.json()).toMatchObject({ error: 'access_denied' });
});

test('deleting what others wrote asks for a sign-in of the last five minutes, and a new sign-in is enough', async () => {
  await using both = await startBoth();
  using clock = stopClock();
  const console_ = await both.town.app();
  const admin = both.town.person('admin');
  const scope = 'openid read:todos write:todos admin';
  const early = await admin.connect(console_, { scope });
  const { id } = (await (await both.call('/api/todos', early.access_token, 'POST', { title: 'Old' })).json()) as {
    id: string;
  };
  clock.advance(299);
  const fresh = (await console_.refresh(early.refresh_token)).body;
  clock.advance(10);

  const challenged = await both.call(`/api/admin/todos/${id}`, fresh.access_token, 'DELETE');
  expect(challenged.status).toBe(401);
  expect(challenged.headers.get('www-authenticate')).toContain('max_age="300"');
  const again = await admin.connect(console_, { scope, max_age: '300' });
  expect((await both.call(`/api/admin/todos/${id}`, again.access_token, 'DELETE')).status).toBe(204);
});

test('RFC 9449: a token bound to an app’s key opens the API with a proof of that key, each proof once', async () => {
  await using both = await startBoth();
  const [robot, keys] = [
    await both.town.app({ grant_types: ['client_credentials'], redirect_uris: [], scope: 'admin' }),
    await wallet(),
  ];
  const dpop = await keys.proof('POST', both.town.metadata.token_endpoint);
  const { body } = await robot.token({ grant_type: 'client_credentials', scope: 'admin' }, { dpop });
  expect(body.token_type).toBe('DPoP');

  const url = `${both.url}/api/admin/todos`;
  const proof = await keys.proof('GET', url, { ath: hash('sha256', String(body.access_token), 'base64url') });
  const ask = (authorization: string) => fetch(`${url}?limit=1`, { headers: { authorization, dpop: proof } });
  expect((await ask(`DPoP ${body.access_token}`)).status).toBe(200);
  expect((await ask(`DPoP ${body.access_token}`)).status).toBe(401);
  expect((await ask(`Bearer ${body.access_token}`)).status).toBe(401);
});
