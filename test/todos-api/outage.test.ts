import { expect, test } from 'vitest';
import { startTodosApiTown } from './todos-api-town.ts';

test('the API starts while the authorization server is away, and says when to come again', async () => {
  await using town = await startTodosApiTown();
  const token = await town.token('read:todos');
  await town.issuer.leave();
  expect((await town.call('/api/status')).status).toBe(200);
  expect((await town.call('/readyz')).status).toBe(200);
  expect((await town.call('/api/todos')).status).toBe(401);
  const response = await town.call('/api/todos', { token });
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toBe('1');
  expect(response.headers.get('www-authenticate')).toBeNull();
  expect(await response.json()).toMatchObject({ error: 'temporarily_unavailable' });
});

test('it serves as soon as the authorization server is back', async () => {
  let now = Date.now();
  await using town = await startTodosApiTown({ now: () => now });
  await town.issuer.leave();
  expect((await town.call('/api/todos', { token: await town.token('read:todos') })).status).toBe(503);
  await town.issuer.return();
  now += 1_000;
  expect((await town.call('/api/todos', { token: await town.token('read:todos') })).status).toBe(200);
});

test('the last good keys keep serving while the authorization server is away, for an hour and no longer', async () => {
  let now = Date.now();
  await using town = await startTodosApiTown({ now: () => now });
  const status = async () => (await town.call('/api/todos', { token: await town.token('read:todos') })).status;
  expect(await status()).toBe(200);
  await town.issuer.leave();
  for (const minutes of [5, 11, 59]) {
    const until = now;
    now += minutes * 60_000;
    expect(await status()).toBe(200);
    now = until;
  }
  now += 61 * 60_000;
  expect(await status()).toBe(503);
  await town.issuer.return();
  now += 30_000;
  expect(await status()).toBe(200);
});

test('a new key is found at the first token that it signed', async () => {
  let now = Date.now();
  await using town = await startTodosApiTown({ now: () => now });
  const old = await town.token('read:todos');
  expect((await town.call('/api/todos', { token: old })).status).toBe(200);
  await town.issuer.rotateKeys({ keepOld: true });
  expect((await town.call('/api/todos', { token: await town.token('read:todos') })).status).toBe(200);
  expect((await town.call('/api/todos', { token: old })).status).toBe(200);
  await town.issuer.rotateKeys();
  now += 30_000;
  expect((await town.call('/api/todos', { token: await town.token('read:todos') })).status).toBe(200);
  expect((await town.call('/api/todos', { token: old })).status).toBe(401);
});

test('a thousand unknown key ids cost the authorization server one request', async () => {
  let now = Date.now();
  await using town = await startTodosApiTown({ now: () => now });
  const good = await town.token('read:todos');
  expect((await town.call('/api/todos', { token: good })).status).toBe(200);
  const before = town.issuer.requests.length;
  const unknown = async () => {
    const token = await town.issuer.accessToken({}, { kid: crypto.randomUUID() });
    return (await town.call('/api/todos', { token })).status;
  };
  for (let batch = 0; batch < 10; batch += 1) {
    const statuses = await Promise.all(Array.from({ length: 100 }, unknown));
    expect(new Set(statuses)).toEqual(new Set([401]));
  }
  expect(town.issuer.requests.slice(before)).toEqual(['/jwks']);
  expect((await town.call('/api/todos', { token: good })).status).toBe(200);

  await town.issuer.rotateKeys({ keepOld: true });
  now += 30_000;
  expect((await town.call('/api/todos', { token: await town.token('read:todos') })).status).toBe(200);
});

test('unknown key ids are refused while the authorization server is away, and known ones go on', async () => {
  await using town = await startTodosApiTown();
  const good = await town.token('read:todos');
  expect((await town.call('/api/todos', { token: good })).status).toBe(200);
  await town.issuer.leave();
  const token = await town.issuer.accessToken({}, { kid: 'unknown' });
  for (let turn = 0; turn < 20; turn += 1) expect((await town.call('/api/todos', { token })).status).toBe(401);
  expect((await town.call('/api/todos', { token: good })).status).toBe(200);
});

test('S24, F8: an unknown or disabled subject is an invalid token', async () => {
  await using town = await startTodosApiTown({ accept: ({ subject }) => subject !== 'mallory' });
  expect((await town.call('/api/me', { token: await town.token('') })).status).toBe(200);
  const response = await town.call('/api/me', { token: await town.token('', { sub: 'mallory' }) });
  expect(response.status).toBe(401);
  expect(await response.json()).toEqual({ error: 'invalid_token', error_description: 'Invalid token' });
});

test('S10, S11: a token dies when its time is over', async () => {
  let now = Date.now();
  await using town = await startTodosApiTown({ now: () => now });
  const token = await town.token('read:todos');
  now += 304_000;
  expect((await town.call('/api/todos', { token })).status).toBe(200);
  now += 2_000;
  const response = await town.call('/api/todos', { token });
  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({ error_description: 'Token expired' });
});
