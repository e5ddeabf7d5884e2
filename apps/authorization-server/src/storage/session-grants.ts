/**
 * Which grant a session and client have. The row is the grant's life: it is written and looked up only while the row is
 * there, so whatever takes the row away ends the grant and every token of it, whoever is writing at that moment.
 */
import { randomBytes } from 'node:crypto';
import type { ExpressionBuilder, Transaction } from 'kysely';
import type { Keyring } from '../keys/keyring.ts';
import type { Tables, TablesDatabase } from '../tables.ts';

export interface SessionGrantKey {
  readonly sessionUid: string;
  readonly clientId: string;
  readonly accountId: string;
}

/** What happens together with a change of the row, or not at all. */
type Also = (transaction: Transaction<Tables>) => Promise<void>;

export interface SessionGrants {
  /** The grant id of this session and client; two tabs that ask at once are told the same. */
  idFor(key: SessionGrantKey): Promise<string>;
  /** @param expiresIn seconds from now. @returns false, and nothing has happened, if it has been revoked */
  renew(grantId: string, expiresIn: number, also: Also): Promise<boolean>;
  /** A revoked grant never comes back: the next authorization begins another. @returns whether it lived */
  revoke(grantId: string, also: Also): Promise<boolean>;
  /** Revokes those of a person and a client, over all sessions. @returns their ids */
  revokeAll(accountId: string, clientId: string, transaction: Transaction<Tables>): Promise<string[]>;
  /** Forgets what has run out, and what was never written, at most `limit` rows. @returns how many */
  sweep(limit: number): Promise<number>;
}

/** Between asking for an id and writing its grant is one request. */
const unwrittenLivesMs = 60 * 60 * 1000;

export function createSessionGrants({ query, prepare, transact }: TablesDatabase, keyring: Keyring): SessionGrants {
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
    renew: (grantId, expiresIn, also) =>
      transact(async (transaction) => {
        const { numUpdatedRows } = await transaction
          .updateTable('session_grants')
          .set({ expires_at: Date.now() + expiresIn * 1000 })
          .where('grant_id', '=', grantId)
          .executeTakeFirstOrThrow();
        if (numUpdatedRows === 0n) return false;
        await also(transaction);
        return true;
      }),
    revoke: (grantId, also) =>
      transact(async (transaction) => {
        const { numDeletedRows } = await transaction
          .deleteFrom('session_grants')
          .where('grant_id', '=', grantId)
          .executeTakeFirstOrThrow();
        await also(transaction);
        return numDeletedRows > 0n;
      }),
    async revokeAll(accountId, clientId, transaction) {
      const rows = await transaction
        .deleteFrom('session_grants')
        .where('account_id', '=', accountId)
        .where('client_id', '=', clientId)
        .returning('grant_id')
        .execute();
      return rows.map(({ grant_id }) => grant_id);
    },
    async sweep(limit) {
      const now = Date.now();
      const isOver = ({ and, eb, or }: ExpressionBuilder<Tables, 'session_grants'>) =>
        or([
          eb('expires_at', '<', now),
          and([eb('expires_at', 'is', null), eb('created_at', '<', now - unwrittenLivesMs)]),
        ]);
      const { numDeletedRows } = await query
        .deleteFrom('session_grants')
        .where('grant_id', 'in', (old) =>
          old.selectFrom('session_grants').select('grant_id').where(isOver).limit(limit),
        )
        // NOTE: asked of the row once more, which another replica may have renewed while it was waited for.
        .where(isOver)
        .executeTakeFirstOrThrow();
      return Number(numDeletedRows);
    },
  };
}
