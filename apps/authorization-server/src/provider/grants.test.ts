import { expect, test } from 'vitest';
import type { Consents } from '../consents/consents.ts';
import { registerApp } from '../testing/engine-client.ts';
import { holdStorage } from '../testing/held-storage.ts';
import { startEngine } from '../testing/running-engine.ts';

/** Stops the one who asks what a person decided for the nth time from now, with the answer in hand. */
function holdDecisions() {
  let waiting: { left: number; reached: PromiseWithResolvers<void>; released: PromiseWithResolvers<void> } | undefined;
  return {
    slowedConsents: (consents: Consents): Consents => ({
      ...consents,
      async decisions(accountId, clientId) {
        const decisions = await consents.decisions(accountId, clientId);
        if (!waiting || --waiting.left > 0) return decisions;
        const { reached, released } = waiting;
        waiting = undefined;
        reached.resolve();
        await released.promise;
        return decisions;
      },
    }),
    stopAt(nth: number) {
      const [reached, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      waiting = { left: nth, reached, released };
      return { reached: reached.promise, goOn: released.resolve };
    },
  };
}

async function startTogether() {
  const [storage, decisions] = [holdStorage(), holdDecisions()];
  const engine = await startEngine({ slowed: storage.slowed, slowedConsents: decisions.slowedConsents });
  const app = await registerApp(engine);
  const tokens = await app.signIn({ scope: 'openid' });
  return Object.assign(engine, {
    app,
    storage,
    decisions,
    tokens,
    silently: () => app.authorize({ scope: 'openid', prompt: 'none' }),
    takeBack: () => engine.withdraw(engine.alice.id, app.id),
    grants: () => engine.query.selectFrom('session_grants').selectAll().where('client_id', '=', app.id).execute(),
    grantArtifacts: async () => {
      const rows = await engine.query.selectFrom('artifacts').select('id_hash').where('model', '=', 'Grant').execute();
      return rows.length;
    },
  });
}

test('an authorization that has read the decisions, and is overtaken by their withdrawal, asks again and leaves no grant', async () => {
  await using room = await startTogether();
  const { reached, goOn } = room.decisions.stopAt(1);
  const asking = room.silently();
  await reached;
  await room.takeBack();
  goOn();
  expect((await asking).get('error')).toBe('consent_required');
  expect(await room.grants()).toEqual([]);
  expect(await room.grantArtifacts()).toBe(0);
});

test('an authorization that is about to write the grant, and is overtaken by a withdrawal, does not bring it back', async () => {
  await using room = await startTogether();
  await room.query.updateTable('artifacts').set({ expires_at: 1 }).where('model', '=', 'Grant').execute();
  await room.artifacts.sweep(1);
  const { reached, goOn } = room.storage.stopAt('after find Grant');
  const asking = room.silently();
  await reached;
  await room.takeBack();
  goOn();
  expect((await asking).get('error')).toBe('consent_required');
  expect(await room.grants()).toEqual([]);
  expect(await room.grantArtifacts()).toBe(0);
});

test('an authorization that has written the grant, and is overtaken by a withdrawal, gives no code', async () => {
  await using room = await startTogether();
  const { reached, goOn } = room.decisions.stopAt(2);
  const asking = room.silently();
  await reached;
  await room.takeBack();
  goOn();
  const code = (await asking).get('code');
  // NOTE: what it read was true when it read it, so a code may come of it; but it comes of a grant that has ended.
  if (code !== null) expect(await room.app.exchange(code)).toMatchObject({ body: { error: 'invalid_grant' } });
  expect(await room.grants()).toEqual([]);
});

test('an authorization that is overtaken by a revocation begins another grant, and its code is good', async () => {
  await using room = await startTogether();
  await room.query.updateTable('artifacts').set({ expires_at: 1 }).where('model', '=', 'Grant').execute();
  await room.artifacts.sweep(1);
  const [before] = await room.grants();
  const { reached, goOn } = room.storage.stopAt('after find Grant');
  const asking = room.silently();
  await reached;
  await room.app.post('/revoke', { token: String(room.tokens.refresh_token) });
  goOn();
  const code = (await asking).get('code');
  expect((await room.app.exchange(String(code))).status).toBe(200);
  const [after, ...others] = await room.grants();
  expect(others).toEqual([]);
  expect(after?.grant_id).not.toBe(before?.grant_id);
});

test('an authorization that is overtaken by its person being disabled leaves no grant', async () => {
  await using room = await startTogether();
  const { reached, goOn } = room.decisions.stopAt(1);
  const asking = room.silently();
  await reached;
  await room.accounts.setDisabled(room.alice.id, true);
  goOn();
  expect((await asking).get('error')).toBe('access_denied');
  await room.accounts.setDisabled(room.alice.id, false);
  expect(await room.grants()).toEqual([]);
});

test('many authorizations and withdrawals at once leave no grant without a consent', async () => {
  await using room = await startTogether();
  for (let round = 0; round < 6; round += 1) {
    await room.app.signIn({ scope: 'openid' });
    const answers = await Promise.all([room.silently(), room.takeBack(), room.silently(), room.silently()]);
    const codes = answers.flatMap((answer) => (answer instanceof URLSearchParams ? (answer.get('code') ?? []) : []));
    for (const code of codes) expect((await room.app.exchange(code)).status).toBe(400);
    expect(await room.grants()).toEqual([]);
    expect(await room.grantArtifacts()).toBe(0);
  }
});
