import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createAccounts } from '../accounts/accounts.ts';
import { createClients } from '../clients/clients.ts';
import { createConsents } from '../consents/consents.ts';
import { createSessionGrants } from '../storage/session-grants.ts';
import type { TablesDatabase } from '../tables.ts';
import { registerApp } from '../testing/engine-client.ts';
import { startEngine } from '../testing/running-engine.ts';
import { startTables } from '../testing/temporary-tables.ts';
import { createFamilies } from './revoke-family.ts';

/** A replica whose next transaction stops when it has begun: what others write from then on it does not see. */
function stopping(database: TablesDatabase) {
  const [begun, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const transact: TablesDatabase['transact'] = (work) =>
    database.transact(async (transaction) => {
      await transaction.selectFrom('leases').selectAll().execute();
      begun.resolve();
      await released.promise;
      return work(transaction);
    });
  return { database: { ...database, transact }, begun: begun.promise, goOn: released.resolve };
}

/** Alice uses the app and is about to use it in a second browser, while another replica is about to end that. */
async function startTogether() {
  const tables = await startTables();
  const engine = await startEngine({ tables });
  const app = await registerApp(engine);
  await app.signIn({ scope: 'openid' });
  await tables.query.deleteFrom('session_grants').execute();
  const { database, begun, goOn } = stopping(await tables.again());
  const { artifacts, events, keyring } = engine;
  const consents = createConsents(database);
  const families = createFamilies({
    artifacts,
    consents,
    events,
    sessionGrants: createSessionGrants(database, keyring),
  });
  return {
    ends: {
      withdrawal: () => families.withdraw(engine.alice.id, app.id),
      disabling: () => createAccounts(database).setDisabled(engine.alice.id, true),
      removal: () => createClients(database, () => {}).remove(app.id),
    },
    begun,
    async authorizeMeanwhile() {
      const asking = app.authorize({ scope: 'openid', prompt: 'none' }).catch(() => new URLSearchParams());
      // NOTE: where transactions wait for one another it cannot be answered before the other goes on.
      await Promise.race([asking, delay(500)]);
      goOn();
      return (await asking).get('code');
    },
    enableAlice: () => engine.accounts.setDisabled(engine.alice.id, false),
    app,
    grants: () => tables.query.selectFrom('session_grants').selectAll().execute(),
    async [Symbol.asyncDispose]() {
      await engine[Symbol.asyncDispose]();
      await tables[Symbol.asyncDispose]();
    },
  };
}

test.each(['withdrawal', 'disabling', 'removal'] as const)(
  'an authorization that comes and goes while a %s is under way leaves no grant',
  async (end) => {
    await using room = await startTogether();
    const ending = room.ends[end]();
    await room.begun;
    const code = await room.authorizeMeanwhile();
    await ending;
    await room.enableAlice();
    expect(await room.grants()).toEqual([]);
    if (code) expect((await room.app.exchange(code)).status).toBeGreaterThanOrEqual(400);
  },
);
