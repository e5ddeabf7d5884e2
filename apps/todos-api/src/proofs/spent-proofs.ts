/**
 * Which DPoP proofs were presented, in the API's own database: whichever process takes a proof, no other one takes it
 * again. What a proof is, and whether it is good, is the kit's business.
 */
import type { ReplayStore } from '@latchkey/resource-server';
import type { Kysely } from 'kysely';

export interface SpentProofsTables {
  spent_proofs: { key: string; expires_at: number };
}

export interface SpentProofsOptions {
  readonly query: Kysely<SpentProofsTables>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** What is over is cleared away once in so many proofs, a few more at a time than have come since. */
const sweepEvery = 100;
const sweptAtOnce = 200;

export function createSpentProofs({ query, now }: SpentProofsOptions): ReplayStore {
  let sinceSweep = 0;

  async function sweep(): Promise<void> {
    const over = query.selectFrom('spent_proofs').select('key').where('expires_at', '<', now()).limit(sweptAtOnce);
    await query.deleteFrom('spent_proofs').where('key', 'in', over).execute();
  }

  return {
    /** NOTE: the insertion decides who was first; whoever finds the key there has lost. */
    async spend(key, expiresAt) {
      const row = await query
        .insertInto('spent_proofs')
        .values({ key, expires_at: Math.ceil(expiresAt) })
        .onConflict((conflict) => conflict.column('key').doNothing())
        .returning('key')
        .executeTakeFirst();
      sinceSweep += 1;
      if (sinceSweep >= sweepEvery) {
        sinceSweep = 0;
        await sweep();
      }
      return row !== undefined;
    },
  };
}
