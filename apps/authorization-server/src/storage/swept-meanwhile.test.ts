import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startTables } from '../testing/temporary-tables.ts';
import { createArtifacts } from './artifacts.ts';
import { createSessionGrants } from './session-grants.ts';
import { createSessions } from './sessions.ts';

/** One row of each kind that has just run out, and who would forget it. */
async function startOver() {
  const tables = await startTables();
  const { database, keyring } = tables;
  const sweepers = {
    artifacts: createArtifacts(database, keyring),
    session_grants: createSessionGrants(database, keyring),
    sessions: createSessions(database, keyring),
  };
  await sweepers.artifacts.save('Interaction', 'i', {}, { expiresIn: 1 });
  await sweepers.session_grants.idFor({ sessionUid: 's', clientId: 'c', accountId: 'a' });
  await sweepers.sessions.save('alias', { uid: 's', jti: 'alias' }, 1);
  for (const table of ['artifacts', 'session_grants', 'sessions'] as const) {
    await tables.query.updateTable(table).set({ expires_at: 1 }).execute();
  }
  return Object.assign(tables, { sweepers });
}

test.each(['artifacts', 'session_grants', 'sessions'] as const)(
  'a row of %s that is renewed while the sweeper waits for it stays',
  async (table) => {
    await using room = await startOver();
    let sweeping: Promise<number> | undefined;
    await room.database.transact(async (transaction) => {
      await transaction
        .updateTable(table)
        .set({ expires_at: Date.now() + 60_000 })
        .execute();
      sweeping = room.sweepers[table].sweep(10);
      await delay(300);
    });
    expect(await sweeping).toBe(0);
    expect(await room.query.selectFrom(table).select('expires_at').execute()).toHaveLength(1);
  },
);
