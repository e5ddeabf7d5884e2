import { testEngine } from '@latchkey/database/testing';
import { createLogger } from '@latchkey/service';
import { sql } from 'kysely';
import { afterEach, expect, test, vi } from 'vitest';
import { startTables } from '../testing/temporary-tables.ts';
import { createArtifacts } from './artifacts.ts';
import { createLease } from './leases.ts';
import { startSweeper } from './sweeper.ts';

afterEach(() => vi.useRealTimers());

const logger = createLogger('sweeper', 'silent');
const anHour = 3_600_000;

async function startRoom() {
  const tables = await startTables();
  const artifacts = createArtifacts(tables.database, tables.keyring);
  const replica = async () => {
    const database = await tables.again();
    const { sweep } = createArtifacts(database, tables.keyring);
    return startSweeper({
      lease: createLease(database, 'sweep'),
      sweeps: { artifacts: sweep },
      shrink: database.shrink,
      logger,
      everyMs: anHour,
    });
  };
  const fill = (count: number, expiresIn: number) =>
    Promise.all(
      Array.from({ length: count }, (_, index) =>
        artifacts.save('AccessToken', `${expiresIn} ${index}`, { filling: 'x'.repeat(2_000) }, { expiresIn }),
      ),
    );
  const left = async () => (await tables.query.selectFrom('artifacts').select('id_hash').execute()).length;
  return Object.assign(tables, { replica, fill, left });
}

test('one round forgets everything that has run out, however much, and nothing else', async () => {
  await using room = await startRoom();
  await room.fill(1_200, 60);
  await room.fill(30, 7_200);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + anHour });
  const sweeper = await room.replica();
  expect(await sweeper.round()).toBe(1_200);
  expect(await room.left()).toBe(30);
  expect(await sweeper.round()).toBe(0);
  await sweeper.stop();
});

test('of two replicas one sweeps; when it has stopped, the other does', async () => {
  await using room = await startRoom();
  const [one, two] = [await room.replica(), await room.replica()];
  await room.fill(10, 60);
  expect(await one.round()).toBe(0);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + anHour });
  expect(await one.round()).toBe(10);
  expect(await two.round()).toBeUndefined();
  await one.stop();
  expect(await two.round()).toBe(0);
  await two.stop();
});

test('a replica that died loses its lease by itself', async () => {
  await using room = await startRoom();
  const [dead, other] = [await room.replica(), await room.replica()];
  await dead.round();
  await room.fill(10, 60);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3 * anHour });
  expect(await other.round()).toBe(10);
});

test.skipIf(testEngine !== 'sqlite')('the file gets smaller again when most of it has been forgotten', async () => {
  await using room = await startRoom();
  await room.fill(4_000, 60);
  const pages = async () =>
    (await sql<{ page_count: number }>`PRAGMA page_count`.execute(room.query)).rows[0]?.page_count ?? 0;
  const before = await pages();
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + anHour });
  const sweeper = await room.replica();
  await sweeper.round();
  expect(await pages()).toBeLessThan(before / 2);
  await sweeper.stop();
});
