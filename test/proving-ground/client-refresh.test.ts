import { expect, test } from 'vitest';
import { runClientRefreshTrial } from '../../apps/proving-ground/src/trials/client-refresh-trial.ts';

/* Short version; `npm run prove -- client-refresh --rounds 100 --parallel 32` does more. */

test('S37: two tabs, two processes and an expired token: one token request, no call fails, and a dead process blocks nobody', async () => {
  const report = await runClientRefreshTrial({ engine: 'sqlite', rounds: 3, parallel: 8 });
  expect(report).toEqual({
    rounds: 3,
    callsInARound: 32,
    oneTokenRequest: 3,
    failed: 0,
    deadHolders: 1,
    outlived: 1,
    wrong: [],
  });
});
