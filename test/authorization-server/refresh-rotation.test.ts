import { expect, test } from 'vitest';
import { stopClock } from './clock.ts';
import { startTown } from './town.ts';

const dead = { status: 400, body: { error: 'invalid_grant' } };

test('S30, S31: each refresh gives a new access token and a new refresh token', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  let tokens = await alice.connect(planner, { scope: 'openid read:todos' });
  const seen = new Set([tokens.refresh_token, tokens.access_token]);
  for (let turn = 0; turn < 4; turn++) {
    const { status, headers, body } = await planner.refresh(tokens.refresh_token);
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 300, scope: 'read:todos' });
    for (const token of [body.refresh_token, body.access_token]) {
      expect(seen.has(token)).toBe(false);
      seen.add(token);
    }
    tokens = body;
  }
  const { payload } = await town.verify(tokens.id_token, { audience: planner.id });
  expect(payload.sub).toBe((await town.verify(tokens.access_token)).payload.sub);
});

test('a refreshed token still says when the person signed in, not when it was refreshed', async () => {
  using clock = stopClock();
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const first = await alice.connect(planner);
  clock.advance(250);
  const { body } = await planner.refresh(first.refresh_token);
  const [before, after] = [await town.verify(first.access_token), await town.verify(body.access_token)];
  expect(after.payload.auth_time).toBe(before.payload.auth_time);
  expect((after.payload.iat ?? 0) - (before.payload.iat ?? 0)).toBe(250);
});

test('parallel refreshes all succeed and get the same successor: one line, never a fork', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  let { refresh_token: token } = await alice.connect(planner);
  for (let round = 0; round < 5; round++) {
    const answers = await Promise.all([1, 2, 3, 4, 5, 6].map(() => planner.refresh(token)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
    const successors = new Set(answers.map(({ body }) => body.refresh_token));
    expect(successors.size).toBe(1);
    [token] = successors;
  }
});

test('a lost answer: the same refresh token again within the grace gets the same successor', async () => {
  using clock = stopClock();
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const { refresh_token: token } = await alice.connect(planner);
  const first = await planner.refresh(token);
  clock.advance(29);
  const again = await planner.refresh(token);
  expect(again.status).toBe(200);
  expect(again.body.refresh_token).toBe(first.body.refresh_token);
  expect((await planner.refresh(first.body.refresh_token)).status).toBe(200);
});

test('after the grace a spent token is reuse: the whole family falls', async () => {
  using clock = stopClock();
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const { refresh_token: token } = await alice.connect(planner);
  const { body } = await planner.refresh(token);
  clock.advance(31);
  expect(await planner.refresh(token)).toMatchObject(dead);
  expect(await planner.refresh(body.refresh_token)).toMatchObject(dead);
  expect(await alice.connect(planner)).toHaveProperty('refresh_token');
});

test('once the successor is used, the grace is over: the whole family falls', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const { refresh_token: first } = await alice.connect(planner);
  const second = (await planner.refresh(first)).body.refresh_token;
  const third = (await planner.refresh(second)).body.refresh_token;
  expect(await planner.refresh(first)).toMatchObject(dead);
  expect(await planner.refresh(third)).toMatchObject(dead);
});

test('a thief and the app at once: whoever comes second after the grace ends it for both', async () => {
  using clock = stopClock();
  await using town = await startTown();
  const [planner, alice] = [await town.app({ token_endpoint_auth_method: 'none' }), town.person('alice')];
  const { refresh_token: stolen } = await alice.connect(planner, { scope: 'openid profile' });
  const thief = await planner.refresh(stolen);
  clock.advance(60);
  expect(await planner.refresh(stolen)).toMatchObject(dead);
  expect(await planner.refresh(thief.body.refresh_token)).toMatchObject(dead);
  const userinfo = await fetch(town.metadata.userinfo_endpoint, {
    headers: { authorization: `Bearer ${thief.body.access_token}` },
  });
  expect(userinfo.status).toBe(401);
});

test('with the grace turned off, the second use is reuse at once', async () => {
  await using town = await startTown({ REFRESH_GRACE_SECONDS: '0' });
  const [planner, alice] = [await town.app(), town.person('alice')];
  const { refresh_token: token } = await alice.connect(planner);
  const answers = await Promise.all([planner.refresh(token), planner.refresh(token)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
  const winner = answers.find(({ status }) => status === 200);
  expect(await planner.refresh(winner?.body.refresh_token)).toMatchObject(dead);
});

test('another app’s refresh token is refused, and its owner does not suffer for it', async () => {
  await using town = await startTown();
  const [planner, thief, alice] = [await town.app(), await town.app(), town.person('alice')];
  const { refresh_token: token } = await alice.connect(planner);
  expect(await thief.refresh(token)).toMatchObject(dead);
  expect((await planner.refresh(token)).status).toBe(200);
});

test('an access token, a code or an ID token is no refresh token', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const request = planner.request();
  const { code } = await alice.authorize(request);
  expect(await planner.refresh(code)).toMatchObject(dead);
  const { body } = await planner.exchange(code, request);
  for (const token of [body.access_token, body.id_token, '', 'x']) {
    expect((await planner.refresh(token)).status).toBe(400);
  }
  expect((await planner.refresh(body.refresh_token)).status).toBe(200);
});

test('a refresh may ask for less, and gets all again the next time', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const tokens = await alice.connect(planner, { scope: 'openid read:todos write:todos' });
  const narrow = await planner.refresh(tokens.refresh_token, { scope: 'read:todos' });
  expect(narrow.body.scope).toBe('read:todos');
  expect((await town.verify(narrow.body.access_token)).payload.scope).toBe('read:todos');
  const wide = await planner.refresh(narrow.body.refresh_token);
  expect(wide.body.scope).toBe('read:todos write:todos');
});

test('a refresh may not ask for more: invalid_scope, and the token is not spent by it', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const tokens = await alice.connect(planner, { scope: 'openid read:todos' });
  for (const scope of ['read:todos write:todos', 'write:todos', 'openid admin']) {
    expect(await planner.refresh(tokens.refresh_token, { scope })).toMatchObject({
      status: 400,
      body: { error: 'invalid_scope' },
    });
  }
  expect((await planner.refresh(tokens.refresh_token)).status).toBe(200);
});
