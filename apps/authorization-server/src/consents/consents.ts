/**
 * Consents: what each person decided about each client, scope by scope, kept over sessions and devices. The provider
 * asks here what is still open; the grants it makes are copies of these decisions.
 */
import type { Transaction } from 'kysely';
import type { Tables, TablesDatabase } from '../tables.ts';

/** The resource under which OpenID Connect's own scopes are kept. */
export const openidResource = '';

export interface Decisions {
  /** Whether the person has ever answered this client. */
  readonly answered: boolean;
  granted(resource: string): ReadonlySet<string>;
  declined(resource: string): ReadonlySet<string>;
}

export interface Answer {
  readonly resource: string;
  readonly granted: readonly string[];
  readonly declined: readonly string[];
}

/** What a client holds of a person. */
export interface Allowed {
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** Epoch milliseconds of the first of the decisions that hold. */
  readonly since: number;
}

export interface Consents {
  decisions(accountId: string, clientId: string): Promise<Decisions>;
  /** Whether the person has ever answered this client, as this transaction sees it. */
  stand(accountId: string, clientId: string, transaction: Transaction<Tables>): Promise<boolean>;
  /** Records an answer whole or not at all; scopes that it does not name stay as they were. */
  record(accountId: string, clientId: string, answers: readonly Answer[]): Promise<void>;
  /** The clients that a person allowed something, the longest standing first. */
  grantedTo(accountId: string): Promise<Allowed[]>;
  /** As if the person had never answered the client. @param also what happens together with it or not at all */
  withdraw(
    accountId: string,
    clientId: string,
    also?: (transaction: Transaction<Tables>) => Promise<void>,
  ): Promise<void>;
}

/** Kept beside the scopes, so that an answer to a client that asks for nothing is remembered too. */
const answeredMark = '';

export function createConsents({ query, prepare, transact }: TablesDatabase): Consents {
  const decided = prepare(({ account_id, client_id }: { account_id: string; client_id: string }) =>
    query
      .selectFrom('consents')
      .select(['resource', 'scope', 'decision'])
      .where('account_id', '=', account_id)
      .where('client_id', '=', client_id),
  );

  return {
    async decisions(accountId, clientId) {
      const { rows } = await decided({ account_id: accountId, client_id: clientId });
      const pick = (decision: string, resource: string) =>
        new Set(
          rows
            .filter((row) => row.decision === decision && row.resource === resource && row.scope !== answeredMark)
            .map(({ scope }) => scope),
        );
      return {
        answered: rows.length > 0,
        granted: (resource) => pick('granted', resource),
        declined: (resource) => pick('declined', resource),
      };
    },
    async stand(accountId, clientId, transaction) {
      const row = await transaction
        .selectFrom('consents')
        .select('decision')
        .where('account_id', '=', accountId)
        .where('client_id', '=', clientId)
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },
    async record(accountId, clientId, answers) {
      const decided_at = Date.now();
      const decide = (resource: string, decision: 'granted' | 'declined') => (scope: string) => ({
        account_id: accountId,
        client_id: clientId,
        resource,
        scope,
        decision,
        decided_at,
      });
      const rows = answers.flatMap(({ resource, granted, declined }) => [
        ...granted.map(decide(resource, 'granted')),
        ...declined.map(decide(resource, 'declined')),
      ]);
      rows.push(decide(openidResource, 'granted')(answeredMark));
      await query
        .insertInto('consents')
        .values(rows)
        .onConflict((conflict) =>
          conflict.columns(['account_id', 'client_id', 'resource', 'scope']).doUpdateSet((excluded) => ({
            decision: excluded.ref('excluded.decision'),
            decided_at: excluded.ref('excluded.decided_at'),
          })),
        )
        .execute();
    },
    async grantedTo(accountId) {
      const rows = await query
        .selectFrom('consents')
        .select(['client_id', 'scope', 'decided_at'])
        .where('account_id', '=', accountId)
        .where('decision', '=', 'granted')
        .orderBy('decided_at')
        .execute();
      const byClient = Map.groupBy(rows, ({ client_id }) => client_id);
      return [...byClient].map(([clientId, decided]) => ({
        clientId,
        scopes: decided.map(({ scope }) => scope).filter((scope) => scope !== answeredMark),
        since: Math.min(...decided.map(({ decided_at }) => decided_at)),
      }));
    },
    async withdraw(accountId, clientId, also) {
      await transact(async (transaction) => {
        await transaction
          .deleteFrom('consents')
          .where('account_id', '=', accountId)
          .where('client_id', '=', clientId)
          .execute();
        await also?.(transaction);
      });
    },
  };
}
