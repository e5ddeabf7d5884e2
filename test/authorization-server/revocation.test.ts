import { expect, test } from 'vitest';
import type { App } from './app.ts';
import { answerOf } from './person.ts';
import { startTown, type Town } from './town.ts';

const dead = { status: 400, body: { error: 'invalid_grant' } };
const revoke = (town: Town, app: App, token: unknown, params = {}) =>
  app.post(town.metadata.revocation_endpoint, { token: String(token), ...params });
const userinfo = async (town: Town, token: unknown) =>
  (await fetch(town.metadata.userinfo_endpoint, { headers: { authorization: `Bearer ${token}` } })).status;

test('S33: a revoked refresh token is dead at once, and everything that came of its grant', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const tokens = await alice.connect(planner, { scope: 'openid profile' });
  expect((await revoke(town, planner, tokens.refresh_token)).status).toBe(200);
  expect(await planner.refresh(tokens.refresh_token)).toMatchObject(dead);
  expect(await userinfo(town, tokens.access_token)).toBe(401);
  expect((await revoke(town, planner, tokens.refresh_token)).status).toBe(200);
});

test('S34: a revoked opaque access token is dead at once', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const tokens = await alice.connect(planner, { scope: 'openid profile' });
  expect(await userinfo(town, tokens.access_token)).toBe(200);
  expect((await revoke(town, planner, tokens.access_token)).status).toBe(200);
  expect(await userinfo(town, tokens.access_token)).toBe(401);
  expect(await planner.refresh(tokens.refresh_token)).toMatchObject(dead);
});

test('S34: revoking a JWT access token ends its family: no refresh token is left to get another', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  for (const hint of [{}, { token_type_hint: 'access_token' }, { token_type_hint: 'refresh_token' }]) {
    const tokens = await alice.connect(planner, { scope: 'openid read:todos' });
    expect((await revoke(town, planner, tokens.access_token, hint)).status).toBe(200);
    expect(await planner.refresh(tokens.refresh_token)).toMatchObject(dead);
  }
});

test('after a revocation the person is not asked again, and gets living tokens', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const tokens = await alice.connect(planner);
  await revoke(town, planner, tokens.refresh_token);
  const request = planner.request();
  const { code } = answerOf(await alice.open(request));
  const { body } = await planner.exchange(code, request);
  expect((await planner.refresh(body.refresh_token)).status).toBe(200);
});

test('another app’s tokens are refused, and go on living', async () => {
  await using town = await startTown();
  const [planner, stranger, alice] = [await town.app(), await town.app(), town.person('alice')];
  const [forApi, forUserinfo] = [
    await alice.connect(planner),
    await alice.connect(planner, { scope: 'openid profile' }),
  ];
  for (const token of [forApi.access_token, forApi.refresh_token, forUserinfo.access_token]) {
    expect(await revoke(town, stranger, token)).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
  }
  expect((await planner.refresh(forApi.refresh_token)).status).toBe(200);
  expect(await userinfo(town, forUserinfo.access_token)).toBe(200);
});

test('a public app learns nothing about another app’s tokens, and does them no harm', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const open = await town.app({ token_endpoint_auth_method: 'none' });
  const tokens = await alice.connect(planner);
  for (const token of [tokens.access_token, tokens.refresh_token, 'unknown']) {
    expect((await revoke(town, open, token)).status).toBe(200);
  }
  expect((await planner.refresh(tokens.refresh_token)).status).toBe(200);
});

test('an unknown token, an altered one, an ID token: there is nothing to do, and that is done', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const tokens = await alice.connect(planner);
  const [header, payload] = (tokens.access_token ?? '').split('.');
  for (const token of [
    'unknown',
    'x.y.z',
    `${header}.${payload}.${'A'.repeat(86)}`,
    `${header}.${payload}.`,
    'a'.repeat(5000),
  ]) {
    expect((await revoke(town, planner, token)).status, token).toBe(200);
  }
  expect((await planner.refresh(tokens.refresh_token)).status).toBe(200);
  expect(await revoke(town, planner, '')).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
});

test('an ID token is no access token: it revokes nothing', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const tokens = await alice.connect(planner);
  await revoke(town, planner, tokens.id_token);
  expect((await planner.refresh(tokens.refresh_token)).status).toBe(200);
});

test('revocation needs the app’s credentials', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const { refresh_token: token } = await alice.connect(planner);
  const params = { client_id: planner.id, client_secret: 'wrong' };
  expect(await revoke(town, planner, token, params)).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
  expect((await planner.refresh(token)).status).toBe(200);
});

test('revoking what one browser got leaves the other browser’s tokens alone', async () => {
  await using town = await startTown();
  const [planner, atHome, atWork] = [await town.app(), town.person('alice'), town.person('alice')];
  const [home, work] = [await atHome.connect(planner), await atWork.connect(planner)];
  await revoke(town, planner, home.refresh_token);
  expect((await planner.refresh(work.refresh_token)).status).toBe(200);
});
