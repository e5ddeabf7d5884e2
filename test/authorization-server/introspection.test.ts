import { expect, test } from 'vitest';
import type { App } from './app.ts';
import { stopClock } from './clock.ts';
import { startTown, type Town } from './town.ts';

const introspect = (town: Town, app: App, token: unknown, params = {}) =>
  app.post(town.metadata.introspection_endpoint, { token: String(token), ...params });

test('an app may look into its own tokens', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const tokens = await alice.connect(planner, { scope: 'openid profile' });
  const account = await town.server.accounts.findByUsername('alice');
  const access = await introspect(town, planner, tokens.access_token);
  expect(access).toMatchObject({
    status: 200,
    body: { active: true, client_id: planner.id, sub: account?.id, scope: 'openid profile', token_type: 'Bearer' },
  });
  expect(access.headers.get('cache-control')).toBe('no-store');
  const refresh = await introspect(town, planner, tokens.refresh_token, { token_type_hint: 'refresh_token' });
  expect(refresh.body).toMatchObject({ active: true, client_id: planner.id });
});

test('what is not its own, unknown, spent or run out is inactive, and nothing more is said', async () => {
  using clock = stopClock();
  await using town = await startTown();
  const [planner, stranger, alice] = [await town.app(), await town.app(), town.person('alice')];
  const tokens = await alice.connect(planner, { scope: 'openid profile' });
  const inactive = { status: 200, body: { active: false } };
  for (const token of [tokens.access_token, tokens.refresh_token]) {
    expect(await introspect(town, stranger, token)).toEqual({ ...inactive, headers: expect.anything() });
  }
  expect((await introspect(town, planner, 'unknown')).body).toEqual({ active: false });
  const { body } = await planner.refresh(tokens.refresh_token);
  clock.advance(31);
  expect((await introspect(town, planner, tokens.refresh_token)).body).toEqual({ active: false });
  expect((await introspect(town, planner, body.refresh_token)).body).toMatchObject({ active: true });
  clock.advance(400);
  expect((await introspect(town, planner, body.access_token)).body).toEqual({ active: false });
});

test('introspection needs the app’s credentials, and is not for the public', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const { access_token: token } = await alice.connect(planner, { scope: 'openid' });
  const { introspection_endpoint: endpoint } = town.metadata;
  const body = new URLSearchParams({ token: token ?? '' });
  expect((await fetch(endpoint, { method: 'POST', body })).status).toBe(400);
  expect(await planner.post(endpoint, { token, client_id: planner.id, client_secret: 'wrong' })).toMatchObject({
    status: 401,
    body: { error: 'invalid_client' },
  });
});
