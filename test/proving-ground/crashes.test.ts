import { expect, test } from 'vitest';
import { runAfterGraceTrial } from '../../apps/proving-ground/src/trials/after-grace-trial.ts';
import { runCrashTrial } from '../../apps/proving-ground/src/trials/crash-trial.ts';

const nothing = { lost: [], spentTwice: [], wrong: [] };
const few = { crashes: 2, workers: 4 };

/* Short versions; `npm run prove` runs each for as long as it is told. */

test('kill -9 under load: every answer that was received holds, and nothing is spent twice', async () => {
  const report = await runCrashTrial({ engine: 'sqlite', replicas: 1, victim: 'server', ...few });
  expect(report).toMatchObject(nothing);
  expect(report.acknowledged).toBeGreaterThan(8);
});

test('the same with two servers on one file, of which one goes on', async () => {
  expect(await runCrashTrial({ engine: 'sqlite', replicas: 2, victim: 'server', ...few })).toMatchObject(nothing);
});

test('the same with two replicas on PostgreSQL', async () => {
  expect(await runCrashTrial({ engine: 'postgres', replicas: 2, victim: 'server', ...few })).toMatchObject(nothing);
});

test('PostgreSQL is killed and comes back: not ready meanwhile, ready afterwards, and nothing is lost', async () => {
  const report = await runCrashTrial({ engine: 'postgres', replicas: 2, victim: 'postgres', ...few });
  expect(report).toMatchObject(nothing);
  expect(report.cutOff).toBeGreaterThan(0);
});

test('a spent refresh token that comes back after the grace ends its family, at two servers on one file', async () => {
  const report = await runAfterGraceTrial({ engine: 'sqlite', replicas: 2, rounds: 4, parallel: 10 });
  expect(report).toEqual({ rounds: 4, parallel: 10, familyRevoked: 4, wrong: [] });
});
