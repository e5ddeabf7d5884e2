import { expect, test, vi } from 'vitest';
import { startTables } from '../testing/temporary-tables.ts';
import { createConsents, openidResource } from './consents.ts';

const api = 'https://api.example/';

async function startConsents() {
  const tables = await startTables();
  const consents = createConsents(tables.database);
  const read = async (account = 'alice', client = 'plants') => {
    const decisions = await consents.decisions(account, client);
    return {
      answered: decisions.answered,
      openid: [[...decisions.granted(openidResource)], [...decisions.declined(openidResource)]],
      api: [[...decisions.granted(api)].toSorted(), [...decisions.declined(api)].toSorted()],
    };
  };
  return Object.assign(tables, { consents, read });
}

test('before the first answer there is nothing', async () => {
  await using room = await startConsents();
  expect(await room.read()).toEqual({ answered: false, openid: [[], []], api: [[], []] });
});

test('an answer is kept scope by scope, for each resource', async () => {
  await using room = await startConsents();
  await room.consents.record('alice', 'plants', [
    { resource: openidResource, granted: ['openid'], declined: ['email'] },
    { resource: api, granted: ['read:todos'], declined: ['write:todos'] },
  ]);
  expect(await room.read()).toEqual({
    answered: true,
    openid: [['openid'], ['email']],
    api: [['read:todos'], ['write:todos']],
  });
});

test('an answer to a client that asks for nothing is an answer', async () => {
  await using room = await startConsents();
  await room.consents.record('alice', 'plants', []);
  expect(await room.read()).toEqual({ answered: true, openid: [[], []], api: [[], []] });
});

test('a later answer changes what it names, in both directions, and nothing else', async () => {
  await using room = await startConsents();
  const first = { resource: api, granted: ['read:todos', 'admin'], declined: ['write:todos'] };
  await room.consents.record('alice', 'plants', [first]);
  await room.consents.record('alice', 'plants', [
    { resource: api, granted: ['write:todos'], declined: ['read:todos'] },
  ]);
  expect((await room.read()).api).toEqual([['admin', 'write:todos'], ['read:todos']]);
});

test('people and clients are apart', async () => {
  await using room = await startConsents();
  await room.consents.record('alice', 'plants', [{ resource: api, granted: ['read:todos'], declined: [] }]);
  expect((await room.read('bob', 'plants')).answered).toBe(false);
  expect((await room.read('alice', 'trees')).answered).toBe(false);
});

test('an answer is recorded whole or not at all', async () => {
  await using room = await startConsents();
  const bad = { resource: api, granted: ['read:todos', null as unknown as string], declined: [] };
  await expect(room.consents.record('alice', 'plants', [bad])).rejects.toThrow(/not.null/i);
  expect((await room.read()).answered).toBe(false);
});

test('each decision says when it was made', async () => {
  await using room = await startConsents();
  const answer = [{ resource: api, granted: ['read:todos'], declined: [] }];
  vi.useFakeTimers({ toFake: ['Date'], now: 1_000 });
  try {
    await room.consents.record('alice', 'plants', answer);
    vi.setSystemTime(2_000);
    await room.consents.record('alice', 'plants', answer);
  } finally {
    vi.useRealTimers();
  }
  const rows = await room.query.selectFrom('consents').select('decided_at').where('scope', '=', 'read:todos').execute();
  expect(rows).toEqual([{ decided_at: 2_000 }]);
});

test('a withdrawal leaves nothing of the person and the client, and every other answer as it was', async () => {
  await using room = await startConsents();
  for (const client of ['plants', 'trees']) {
    await room.consents.record('alice', client, [{ resource: api, granted: ['read:todos'], declined: [] }]);
  }
  await room.consents.withdraw('alice', 'plants');
  expect(await room.read()).toMatchObject({ answered: false });
  expect(await room.read('alice', 'trees')).toMatchObject({ answered: true, api: [['read:todos'], []] });
});

test('a withdrawal happens with what belongs to it, or not at all', async () => {
  await using room = await startConsents();
  await room.consents.record('alice', 'plants', [{ resource: api, granted: ['read:todos'], declined: [] }]);
  const failing = room.consents.withdraw('alice', 'plants', async () => {
    throw new Error('the grants could not be ended');
  });
  await expect(failing).rejects.toThrow('the grants could not be ended');
  expect(await room.read()).toMatchObject({ answered: true, api: [['read:todos'], []] });
});
