import type { DemoClientDatabase } from '../tables.ts';
import { lookupKey } from './sealing.ts';
import type { SessionKeys } from './session-key.ts';

export interface LogoutTokens {
  /**
   * Remembers a logout token until it has expired.
   *
   * @returns false when it was seen before
   */
  remember(jti: string, exp: number): Promise<boolean>;
  sweep(): Promise<void>;
}

const toleranceMs = 60_000;

export function createLogoutTokens(
  { query }: DemoClientDatabase,
  keys: Pick<SessionKeys, 'lookup'>,
  now: () => number,
): LogoutTokens {
  return {
    async remember(jti, exp) {
      // Insert-only: of two that come at once, one loses.
      const { numInsertedOrUpdatedRows } = await query
        .insertInto('logout_tokens')
        .values({ jti_hash: lookupKey(keys.lookup, 'jti', jti), ends_at: exp * 1000 + toleranceMs })
        .onConflict((conflict) => conflict.column('jti_hash').doNothing())
        .executeTakeFirst();
      return numInsertedOrUpdatedRows === 1n;
    },
    async sweep() {
      await query.deleteFrom('logout_tokens').where('ends_at', '<=', now()).execute();
    },
  };
}
