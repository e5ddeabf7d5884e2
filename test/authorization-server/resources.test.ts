import { expect, test } from 'vitest';
import { appOf } from './app.ts';
import { answerOf, isConsent, namesOn, type Person } from './person.ts';
import { startTown, type Town, todosApi } from './town.ts';

/** The todos API's other resource: the same todos and scopes, for MCP clients. */
const todosMcp = 'http://localhost:3001/mcp';
const scope = 'openid read:todos write:todos';

async function claimsOf(town: Town, token: unknown) {
  const { aud, scope: granted } = (await town.verify(token)).payload;
  return { aud, scope: granted };
}

async function toConsent(person: Person, url: URL) {
  const page = await person.open(url);
  return isConsent(page) ? page : person.signIn(page);
}

test('RFC 8707: a token is for the resource that was asked for, also after each refresh, and for no other', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const tokens = await alice.connect(planner, { scope, resource: todosMcp });
  expect(await claimsOf(town, tokens.access_token)).toEqual({ aud: todosMcp, scope: 'read:todos write:todos' });

  let refreshToken = tokens.refresh_token;
  for (const resource of [undefined, todosMcp, undefined]) {
    const { body } = await planner.refresh(refreshToken, { resource });
    expect(await claimsOf(town, body.access_token)).toEqual({ aud: todosMcp, scope: 'read:todos write:todos' });
    refreshToken = body.refresh_token;
  }
  const other = await planner.refresh(refreshToken, { resource: todosApi });
  expect(other).toMatchObject({ status: 400, body: { error: 'invalid_target' } });
});

test('an unknown resource is refused with the names of those that are known', async () => {
  await using town = await startTown();
  const planner = await town.app();
  for (const resource of ['https://elsewhere.example/mcp', `${todosMcp}/`, `${todosMcp}?x`]) {
    const answer = answerOf(await town.person('alice').open(planner.request({ scope, resource })));
    expect(answer).toMatchObject({ error: 'invalid_target' });
    expect(answer.error_description).toContain(`${todosApi} or ${todosMcp}`);
  }
});

test('what Alice decided about an app holds for both resources, in either order', async () => {
  await using town = await startTown();
  for (const [first, second] of [
    [todosApi, todosMcp],
    [todosMcp, todosApi],
  ] as const) {
    const [planner, alice] = [await town.app(), town.person('alice')];
    await alice.connect(planner, { scope, resource: first }, { without: ['write:todos'] });
    const request = planner.request({ scope, resource: second });
    const { code } = answerOf(await alice.open(request));
    const { body } = await planner.exchange(code, request);
    expect(await claimsOf(town, body.access_token)).toEqual({ aud: second, scope: 'read:todos' });
  }
});

test('a scope taken back for one resource is gone from the refreshed tokens of the other', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const tokens = await alice.connect(planner, { scope, resource: todosMcp });
  await alice.connect(planner, { scope, resource: todosApi, prompt: 'consent' }, { without: ['write:todos'] });
  const { body } = await planner.refresh(tokens.refresh_token);
  expect(await claimsOf(town, body.access_token)).toEqual({ aud: todosMcp, scope: 'read:todos' });
});

test('what Bob may not grant is not in a token for the MCP endpoint either', async () => {
  await using town = await startTown();
  const [planner, bob] = [await town.app(), town.person('bob')];
  const tokens = await bob.connect(planner, { scope: `${scope} admin`, resource: todosMcp });
  expect(await claimsOf(town, tokens.access_token)).toEqual({ aud: todosMcp, scope: 'read:todos' });
});

test('both at once: each scope is asked once, and each token is for the one that the app then names', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const request = planner.request({ scope });
  for (const resource of [todosApi, todosMcp]) request.url.searchParams.append('resource', resource);
  const page = await toConsent(alice, request.url);
  expect(namesOn(page)).toEqual(['openid', 'read:todos', 'write:todos']);

  const { code } = answerOf(await alice.allow(page, { without: ['write:todos'] }));
  const { body } = await planner.exchange(code, request, { resource: todosMcp });
  expect(await claimsOf(town, body.access_token)).toEqual({ aud: todosMcp, scope: 'read:todos' });
  const refreshed = await planner.refresh(body.refresh_token, { resource: todosApi });
  expect(await claimsOf(town, refreshed.body.access_token)).toEqual({ aud: todosApi, scope: 'read:todos' });
  const neither = await planner.refresh(refreshed.body.refresh_token);
  expect(neither).toMatchObject({ status: 400, body: { error: 'invalid_target' } });
});

test('RFC 8252: an app on loopback without a secret is called back at any port, and asks each time, also for what was declined', async () => {
  await using town = await startTown();
  const registered = await fetch(town.metadata.registration_endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      client_name: 'Assistant',
      redirect_uris: ['http://127.0.0.1:1/callback'],
      token_endpoint_auth_method: 'none',
    }),
  });
  const registration = (await registered.json()) as Record<string, unknown>;
  expect(registration).toMatchObject({ application_type: 'native' });
  const assistant = appOf(town.metadata, { ...registration, redirect_uris: ['http://127.0.0.1:7777/callback'] });
  const alice = town.person('alice');
  await alice.connect(assistant, { scope, resource: todosMcp }, { without: ['write:todos'] });

  const request = assistant.request({ scope, resource: todosMcp });
  const page = await alice.open(request);
  expect(namesOn(page)).toEqual(['write:todos']);
  const { code, url } = answerOf(await alice.allow(page));
  expect(url.port).toBe('7777');
  const { body } = await assistant.exchange(code, request);
  expect(body.scope).toBe('read:todos write:todos');
  expect(isConsent(await alice.open(assistant.request({ scope, resource: todosMcp })))).toBe(true);
});
