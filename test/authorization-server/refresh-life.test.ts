import { expect, test } from 'vitest';
import { openTables } from '../../apps/authorization-server/src/tables.ts';
import type { App } from './app.ts';
import { stopClock } from './clock.ts';
import type { Person } from './person.ts';
import { startTown } from './town.ts';

const dead = { status: 400, body: { error: 'invalid_grant' } };
const day = 24 * 60 * 60;

/** Access that goes on while the person is away. */
const lasting = { scope: 'openid offline_access read:todos', prompt: 'consent' };

async function offline(person: Person, app: App) {
  return person.connect(app, lasting);
}

test('a refresh token ends with the session that it came from', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const tokens = await alice.connect(planner);
  await alice.signOut();
  expect(await planner.refresh(tokens.refresh_token)).toMatchObject(dead);
});

test('offline_access lets an app go on after the person has signed out', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const tokens = await offline(alice, planner);
  await alice.signOut();
  const { status, body } = await planner.refresh(tokens.refresh_token);
  expect(status).toBe(200);
  expect(body.scope).toBe('read:todos');
});

test('offline_access that nobody was asked for with prompt=consent does not count', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const tokens = await alice.connect(planner, { scope: 'openid offline_access read:todos' });
  await alice.signOut();
  expect(await planner.refresh(tokens.refresh_token)).toMatchObject(dead);
});

test('offline_access that the person unticked does not count', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const tokens = await alice.connect(planner, lasting, { without: ['offline_access'] });
  const { status, body } = await planner.refresh(tokens.refresh_token);
  expect(status).toBe(200);
  await alice.signOut();
  expect(await planner.refresh(body.refresh_token)).toMatchObject(dead);
});

test('sign-out in one browser leaves the other alone', async () => {
  await using town = await startTown();
  const [planner, atHome, atWork] = [await town.app(), town.person('alice'), town.person('alice')];
  const [home, work] = [await atHome.connect(planner), await atWork.connect(planner)];
  await atHome.signOut();
  expect(await planner.refresh(home.refresh_token)).toMatchObject(dead);
  expect((await planner.refresh(work.refresh_token)).status).toBe(200);
});

test('an app that is not used for two weeks has to ask again', async () => {
  using clock = stopClock();
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const tokens = await offline(alice, planner);
  clock.advance(13 * day);
  const { status, body } = await planner.refresh(tokens.refresh_token);
  expect(status).toBe(200);
  clock.advance(14 * day + 60);
  expect(await planner.refresh(body.refresh_token)).toMatchObject(dead);
});

test('a line of refresh tokens ends after 180 days, however often it is used', async () => {
  using clock = stopClock();
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  let token = (await offline(alice, planner)).refresh_token;
  for (let days = 10; days <= 170; days += 10) {
    clock.advance(10 * day);
    const { status, body } = await planner.refresh(token);
    expect(status, `after ${days} days`).toBe(200);
    token = body.refresh_token;
  }
  clock.advance(9 * day);
  const last = await planner.refresh(token);
  expect(last.status).toBe(200);
  clock.advance(day + 60);
  expect(await planner.refresh(last.body.refresh_token)).toMatchObject(dead);
});

test('a second line, begun late in the life of a session, lives as long as the first', async () => {
  using clock = stopClock();
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  await offline(alice, planner);
  for (let days = 0; days < 300; days += 10) {
    clock.advance(10 * day);
    await alice.authorize(planner.request({ scope: 'openid read:todos' }));
  }
  let token = (await offline(alice, planner)).refresh_token;
  for (let days = 0; days < 170; days += 10) {
    clock.advance(10 * day);
    const { status, body } = await planner.refresh(token);
    expect(status, `after ${days} days`).toBe(200);
    token = body.refresh_token;
  }
});

test('a disabled person’s tokens are dead: refresh, userinfo and code', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const { accounts } = town.server;
  const id = String((await accounts.findByUsername('alice'))?.id);
  const forApi = await offline(alice, planner);
  const forUserinfo = await alice.connect(planner, { scope: 'openid profile' });
  const request = planner.request();
  const { code } = await alice.authorize(request);

  await accounts.setDisabled(id, true);
  expect(await planner.refresh(forApi.refresh_token)).toMatchObject(dead);
  expect(await planner.exchange(code, request)).toMatchObject(dead);
  const userinfo = await fetch(town.metadata.userinfo_endpoint, {
    headers: { authorization: `Bearer ${forUserinfo.access_token}` },
  });
  expect(userinfo.status).toBe(401);
});

test('a deleted person’s tokens are dead in the same way', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const tokens = await offline(alice, planner);
  await using tables = await openTables(town.settings);
  await tables.query.deleteFrom('accounts').where('username', '=', 'alice').execute();
  expect(await planner.refresh(tokens.refresh_token)).toMatchObject(dead);
});

test('a removed app’s tokens end with it', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const tokens = await alice.connect(planner, { scope: 'openid profile' });
  await town.server.clients.remove(planner.id);
  expect(await planner.refresh(tokens.refresh_token)).toMatchObject({ body: { error: 'invalid_client' } });
  const userinfo = await fetch(town.metadata.userinfo_endpoint, {
    headers: { authorization: `Bearer ${tokens.access_token}` },
  });
  expect(userinfo.status).toBe(401);
});
