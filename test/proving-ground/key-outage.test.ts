import { expect, test } from 'vitest';
import { movedTime } from '../../apps/proving-ground/src/fleet/passage.ts';
import { runKeyOutageTrial } from '../../apps/proving-ground/src/trials/key-outage-trial.ts';

/* Short version, by a moved clock; `npm run prove -- key-outage` waits in real time. */

test('the authorization server is killed for ten minutes: known keys go on, unknown ones are refused, and few fetches are made', async () => {
  using time = movedTime();
  const report = await runKeyOutageTrial({ minutes: 10, time, stepMs: 5_000, parallel: 4 });
  const allWell = { failures: [], unknownKeysNotRefused: [] };
  expect(report).toMatchObject({ before: allWell, during: allWell, after: allWell, recovered: true });
  expect(report.during.requests).toBe(480);
  // NOTE: once in half a minute at most, and a few pauses that are shorter at the beginning.
  expect(report.during.fetches).toBeGreaterThan(0);
  expect(report.during.fetches).toBeLessThanOrEqual(2 * 10 + 6);
  expect(report.after.fetches).toBeLessThanOrEqual(2 * 3);
});
