import { randomBytes } from 'node:crypto';
import type { Keyring } from '../keys/keyring.ts';
import type { TablesDatabase } from '../tables.ts';

export interface SessionGrantKey {
  readonly sessionUid: string;
  readonly clientId: string;
  readonly accountId: string;
}

export interface SessionGrants {
  /** The grant id of this session and client; two tabs that ask at once are told the same. */
  idFor(key: SessionGrantKey): Promise<string>;
  /** The grants of a person and a client, over all sessions. */
  of(accountId: string, clientId: string): Promise<string[]>;
  /** A revoked grant never comes back: the next authorization begins another. */
  forget(grantId: string): Promise<void>;
  sweep(olderThanMs: number, limit: number): Promise<number>;
}

export function createSessionGrants({ query, prepare }: TablesDatabase, keyring: Keyring): SessionGrants {
  const byKey = prepare(
    ({ session_hash, client_id, account_id }: { session_hash: string; client_id: string; account_id: string }) =>
      query
        .selectFrom('session_grants')
        .select('grant_id')
        .where('session_hash', '=', session_hash)
        .where('client_id', '=', client_id)
        .where('account_id', '=', account_id),
  );

  return {
    async idFor({ sessionUid, clientId, accountId }) {
      const session_hash = keyring.digest('artifact-lookup', 'session-uid', sessionUid);
      const key = { session_hash, client_id: clientId, account_id: accountId };
      for (;;) {
        const [found] = (await byKey(key)).rows;
        if (found) return found.grant_id;
        await query
          .insertInto('session_grants')
          .values({ ...key, grant_id: randomBytes(32).toString('base64url'), created_at: Date.now() })
          .onConflict((conflict) => conflict.columns(['session_hash', 'client_id', 'account_id']).doNothing())
          .execute();
      }
    },
    async of(accountId, clientId) {
      const rows = await query
        .selectFrom('session_grants')
        .select('grant_id')
        .where('account_id', '=', accountId)
        .where('client_id', '=', clientId)
        .execute();
      return rows.map(({ grant_id }) => grant_id);
    },
    async forget(grantId) {
      await query.deleteFrom('session_grants').where('grant_id', '=', grantId).execute();
    },
    async sweep(olderThanMs, limit) {
      const { numDeletedRows } = await query
        .deleteFrom('session_grants')
        .where('grant_id', 'in', (old) =>
          old
            .selectFrom('session_grants')
            .select('grant_id')
            .where('created_at', '<', Date.now() - olderThanMs)
            .limit(limit),
        )
        .executeTakeFirstOrThrow();
      return Number(numDeletedRows);
    },
  };
}
