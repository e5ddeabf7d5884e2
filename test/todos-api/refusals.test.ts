import { afterAll, beforeAll, expect, test } from 'vitest';
import { readChallenge } from './challenge-reader.ts';
import { rawRequest } from './raw-request.ts';
import { startTodosApiTown, type TodosApiTown } from './todos-api-town.ts';

let town: TodosApiTown;
beforeAll(async () => {
  town = await startTodosApiTown();
});
afterAll(() => town[Symbol.asyncDispose]());

const noCredentials = { error: 'unauthorized', error_description: 'Not authenticated' };
const invalid = { error: 'invalid_token', error_description: 'Invalid token' };
const bare = (scope?: string) => ({
  realm: 'todos',
  ...(scope && { scope }),
  resource_metadata: `${town.url}/.well-known/oauth-protected-resource/api`,
});

test('F1, S17: without credentials the challenge names the scopes and the metadata, and no error', async () => {
  const response = await town.call('/api/todos');
  expect(response.status).toBe(401);
  expect(readChallenge(response)).toEqual(bare('read:todos'));
  expect(response.headers.get('content-type')).toMatch('application/json');
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(await response.json()).toEqual(noCredentials);
});

test('S20: the challenge of a route that needs no scope has no scope', async () => {
  const response = await town.call('/api/me');
  expect(response.status).toBe(401);
  expect(readChallenge(response)).toEqual(bare());
});

test.each(['Non-existent x', 'Basic YTpi', 'Digest username="a"', ''])(
  'F2, S17: the header "%s" is as good as none',
  async (authorization) => {
    const response = await town.call('/api/todos', { headers: { authorization } });
    expect(response.status).toBe(401);
    expect(readChallenge(response)).toEqual(bare('read:todos'));
    expect(await response.json()).toEqual(noCredentials);
  },
);

test.each(['Bearer  TOKEN ', 'bearer TOKEN', 'BEARER TOKEN', 'Bearer\tTOKEN'])(
  'F3, F4: "%s" is accepted',
  async (form) => {
    const authorization = form.replace('TOKEN', await town.token('read:todos'));
    expect((await rawRequest(`${town.url}/api/todos`, { authorization })).status).toBe(200);
  },
);

test('S11, S45: an expired token is told so', async () => {
  const seconds = Math.floor(Date.now() / 1000);
  const token = await town.token('read:todos', { iat: seconds - 400, exp: seconds - 100 });
  const response = await town.call('/api/todos', { token });
  const expired = { error: 'invalid_token', error_description: 'Token expired' };
  expect(response.status).toBe(401);
  expect(readChallenge(response)).toEqual({ ...bare('read:todos'), ...expired });
  expect(await response.json()).toEqual(expired);
});

test.each(['garbage', 'a.b.c', '!!!', 'e30.e30.', 'é', '.'.repeat(50)])(
  'F5, S12: the token "%s" is invalid, and the challenge carries the scope',
  async (token) => {
    const response = await town.call('/api/todos', { token });
    expect(response.status).toBe(401);
    expect(readChallenge(response)).toEqual({ ...bare('read:todos'), ...invalid });
    expect(await response.json()).toEqual(invalid);
  },
);

test('F7, S13, S14: a missing scope is named, and all that the route needs are listed', async () => {
  const token = await town.token('read:todos');
  const response = await town.call('/api/todos', { method: 'POST', token, json: { title: 'x' } });
  const insufficient = { error: 'insufficient_scope', error_description: 'Missing required scope: write:todos' };
  expect(response.status).toBe(403);
  expect(readChallenge(response)).toEqual({ ...bare('write:todos'), ...insufficient });
  expect(await response.json()).toEqual(insufficient);
});

test('a token without a person is denied, with or without the scope', async () => {
  for (const scope of ['', 'read:todos write:todos']) {
    const response = await town.call('/api/todos', { token: await town.token(scope, { sub: 'test-client' }) });
    expect(response.status).toBe(403);
    expect(readChallenge(response)).toMatchObject({ error: 'access_denied', scope: 'read:todos' });
    expect(await response.json()).toMatchObject({ error: 'access_denied' });
  }
});

test('step-up (RFC 9470): an old sign-in, or one of unknown age, is asked for again', async () => {
  const seconds = Math.floor(Date.now() / 1000);
  for (const auth_time of [undefined, seconds - 302]) {
    const token = await town.token('admin', { auth_time });
    const response = await town.call(`/api/admin/todos/${crypto.randomUUID()}`, { method: 'DELETE', token });
    expect(response.status).toBe(401);
    expect(readChallenge(response)).toMatchObject({
      ...bare('admin'),
      error: 'insufficient_user_authentication',
      max_age: '300',
    });
    expect(await response.json()).toMatchObject({ error: 'insufficient_user_authentication' });
  }
  const recent = await town.token('admin', { auth_time: seconds - 290 });
  const allowed = await town.call(`/api/admin/todos/${crypto.randomUUID()}`, { method: 'DELETE', token: recent });
  expect(allowed.status).toBe(404);
});

test('step-up is not asked of who lacks the scope', async () => {
  const response = await town.call(`/api/admin/todos/${crypto.randomUUID()}`, {
    method: 'DELETE',
    token: await town.token('write:todos'),
  });
  expect(response.status).toBe(403);
  expect(await response.json()).toMatchObject({ error_description: 'Missing required scope: admin' });
});

test('a token in the query string is a malformed request, also beside a good one', async () => {
  const token = await town.token('read:todos');
  for (const options of [{}, { token }]) {
    const response = await town.call(`/api/todos?access_token=${token}`, options);
    expect(response.status).toBe(400);
    expect(readChallenge(response)).toMatchObject({ error: 'invalid_request' });
    expect(await response.json()).toMatchObject({ error: 'invalid_request' });
  }
});

test('two Authorization headers are a malformed request, whichever comes first', async () => {
  const good = `Bearer ${await town.token('read:todos')}`;
  for (const authorization of [
    [good, 'Bearer x'],
    ['Basic YTpi', good],
    [good, good],
  ]) {
    const answer = await rawRequest(`${town.url}/api/todos`, { Authorization: authorization });
    expect(answer.status).toBe(400);
    expect(answer.headers['www-authenticate']).toMatch('error="invalid_request"');
    expect(JSON.parse(answer.body)).toMatchObject({ error: 'invalid_request' });
  }
});

test.each(['Bearer', 'Bearer a b', 'Bearer a, Bearer b'])('"%s" is a malformed request', async (authorization) => {
  const response = await town.call('/api/todos', { headers: { authorization } });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: 'invalid_request' });
});

test('a token in the body is no credential, neither in a form nor in JSON', async () => {
  const access_token = await town.token('write:todos');
  const form = { method: 'POST', body: new URLSearchParams({ access_token, title: 'x' }) };
  const json = { method: 'POST', json: { access_token, title: 'x' } };
  for (const request of [form, json]) {
    const anonymous = await town.call('/api/todos', request);
    expect(anonymous.status).toBe(401);
    expect(await anonymous.json()).toEqual({ error: 'unauthorized', error_description: 'Not authenticated' });
  }
  expect((await town.call('/api/todos', { ...form, token: access_token })).status).toBe(415);
  expect((await town.call('/api/todos', { ...json, token: access_token })).status).toBe(422);
});
