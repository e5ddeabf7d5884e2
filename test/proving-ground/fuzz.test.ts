import { expect, test } from 'vitest';
import { runFuzzTrial } from '../../apps/proving-ground/src/trials/fuzz-trial.ts';

/* Short version; `npm run prove -- fuzz` makes a million. */

test('S12, S23: of broken credentials, tokens and proofs none passes, and each meets an answer of the table, letter by letter', async () => {
  const { findings, outcomes } = await runFuzzTrial({ count: 4_000, seed: 4, httpShare: 0.05 });
  expect(findings).toEqual([]);
  // NOTE: and each target has let in what was good, or nothing would be shown.
  for (const counts of Object.values(outcomes)) expect(counts.accepted).toBeGreaterThan(0);
  expect(Object.keys(outcomes)).toHaveLength(12);
});
