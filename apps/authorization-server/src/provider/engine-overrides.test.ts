import { expect, test } from 'vitest';
import { hashClientSecret } from '../clients/client-secrets.ts';
import type { Artifacts } from '../storage/artifacts.ts';
import { registerApp } from '../testing/engine-client.ts';
import { type EngineOptions, startEngine } from '../testing/running-engine.ts';

/*
 * Contracts with the engine: each of our overrides is reached through a method that it does not promise to call. When
 * a new version no longer calls one, its test here fails.
 */

async function startPlants(options?: EngineOptions) {
  const engine = await startEngine(options);
  return Object.assign(engine, { app: await registerApp(engine) });
}

/** Lets two readers see a model before either goes on, as two servers or a slow disk would. */
function bothRead(model: string) {
  const { promise: bothHaveRead, resolve } = Promise.withResolvers<void>();
  let readers = 0;
  return (artifacts: Artifacts): Artifacts => ({
    ...artifacts,
    async find(wanted, id) {
      const found = await artifacts.find(wanted, id);
      if (wanted !== model) return found;
      readers += 1;
      if (readers === 2) resolve();
      await bothHaveRead;
      return found;
    },
  });
}

const statuses = (answers: readonly { readonly status: number }[]) => answers.map(({ status }) => status).toSorted();
const dead = { status: 400, body: { error: 'invalid_grant' } };

test('Client#compareClientSecret: the secret passes although only its hash is stored, and the hash does not', async () => {
  await using engine = await startPlants();
  const { app } = engine;
  const ask = { grant_type: 'client_credentials', scope: 'read:todos' };
  expect(await app.token(ask)).toMatchObject({ status: 200, body: { scope: 'read:todos' } });
  for (const wrong of [hashClientSecret(app.secret), `${app.secret}x`]) {
    expect(await app.token(ask, wrong)).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
  }
});

test('RefreshToken#generateTokenId: the successor of a refresh token is derived from it', async () => {
  await using engine = await startPlants();
  const first = await engine.app.signIn();
  const second = await engine.app.refresh(String(first.refresh_token));
  expect(second.status).toBe(200);
  expect(second.body.refresh_token).toBe(engine.keyring.digest('refresh-successor', String(first.refresh_token)));
});

test('RefreshToken#generateTokenId: a first refresh token is drawn, not derived', async () => {
  await using engine = await startPlants();
  const [one, two] = [await engine.app.signIn(), await engine.app.signIn()];
  expect(one.refresh_token).toMatch(/^[\w-]{43,}$/);
  expect(two.refresh_token).not.toBe(one.refresh_token);
});

test('RefreshToken#consume: a spent token may be presented again within the grace', async () => {
  await using engine = await startPlants();
  const { refresh_token: first = '' } = await engine.app.signIn();
  const answers = [await engine.app.refresh(first), await engine.app.refresh(first)];
  expect(statuses(answers)).toEqual([200, 200]);
  expect(answers[1]?.body.refresh_token).toBe(answers[0]?.body.refresh_token);
});

test('RefreshToken#consume: of two that both saw it unspent one wins, and the family falls', async () => {
  const slow = { refreshGrace: 0, slowed: bothRead('RefreshToken') };
  await using engine = await startPlants(slow);
  const { refresh_token: first = '' } = await engine.app.signIn();
  const answers = await Promise.all([engine.app.refresh(first), engine.app.refresh(first)]);
  expect(statuses(answers)).toEqual([200, 400]);
  const winner = answers.find(({ status }) => status === 200);
  expect(await engine.app.refresh(String(winner?.body.refresh_token))).toMatchObject(dead);
});

test('AuthorizationCode#consume: of two that both saw it unused one wins, and what it got is revoked', async () => {
  await using engine = await startPlants({ slowed: bothRead('AuthorizationCode') });
  const code = String((await engine.app.authorize()).get('code'));
  const answers = await Promise.all([engine.app.exchange(code), engine.app.exchange(code)]);
  expect(statuses(answers)).toEqual([200, 400]);
  const winner = answers.find(({ status }) => status === 200);
  expect(winner?.body.refresh_token).toBeDefined();
  expect(await engine.app.refresh(String(winner?.body.refresh_token))).toMatchObject(dead);
});

test('Session#destroy: signing out ends the session itself, not only the cookie', async () => {
  await using engine = await startPlants();
  const { app, sessions } = engine;
  await app.signIn();
  const cookie = String(app.cookies.get('latchkey_session'));
  expect(await sessions.find(cookie)).toMatchObject({ accountId: engine.alice.id });

  await app.signOut();

  expect(await sessions.find(cookie)).toBeUndefined();
  app.cookies.set('latchkey_session', cookie);
  expect((await app.authorize({ prompt: 'none' })).get('error')).toBe('login_required');
});

test('Session#ensureClientContainer: every tab tells a client the same sid', async () => {
  await using engine = await startPlants();
  const { app, alice, keyring, sessions } = engine;
  await app.signIn();
  const session = await sessions.find(String(app.cookies.get('latchkey_session')));
  const sid = keyring.digest('artifact-lookup', 'sid', String(session?.uid), app.id, alice.id);
  expect(session?.authorizations?.[app.id]?.sid).toBe(sid);
});
