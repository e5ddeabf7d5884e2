import type { Events } from '../audit/events.ts';
import type { Consents } from '../consents/consents.ts';
import type { Artifacts } from '../storage/artifacts.ts';
import type { SessionGrants } from '../storage/session-grants.ts';

/** These fall with their grant. An interaction names a grant too, but outlives it. */
export const boundToGrant: ReadonlySet<string> = new Set([
  'AccessToken',
  'AuthorizationCode',
  'DeviceCode',
  'RefreshToken',
]);

/** A grant and whose it is, as every code and token of it says. */
export interface Family {
  readonly grantId?: string | undefined;
  readonly accountId?: string | undefined;
  readonly clientId?: string | undefined;
}

/** Ends a grant and every token that came of it, and tells why; once, however many notice. */
export type RevokeFamily = (
  family: Family,
  reason: 'code-reuse' | 'refresh-token-reuse' | 'revocation',
) => Promise<void>;

export interface FamiliesNeeds {
  readonly artifacts: Artifacts;
  readonly consents: Consents;
  readonly events: Events;
  readonly sessionGrants: SessionGrants;
}

export interface Families {
  readonly revoke: RevokeFamily;
  /** Takes back what a person allowed a client: the decisions, every grant, and all tokens. */
  withdraw(accountId: string, clientId: string): Promise<void>;
}

/**
 * The grant goes first: without it no token is worth anything, not even one that a request under way stores afterwards.
 * What is left to do after that is tidying.
 */
export function createFamilies({ artifacts, consents, events, sessionGrants }: FamiliesNeeds): Families {
  const tidy = async (grantId: string) => {
    await Promise.all([...boundToGrant].map((model) => artifacts.destroyByGrant(model, grantId)));
  };

  return {
    async revoke({ grantId, accountId, clientId }, reason) {
      if (grantId === undefined) return;
      const lived = await sessionGrants.revoke(grantId, (transaction) =>
        artifacts.destroy('Grant', grantId, transaction),
      );
      await tidy(grantId);
      if (lived) events.grantRevoked({ accountId, clientId, reason });
    },
    async withdraw(accountId, clientId) {
      let grantIds: readonly string[] = [];
      // NOTE: together, so that a crash in between leaves no grant of a consent that is not there any more.
      await consents.withdraw(accountId, clientId, async (transaction) => {
        grantIds = await sessionGrants.revokeAll(accountId, clientId, transaction);
        for (const grantId of grantIds) await artifacts.destroy('Grant', grantId, transaction);
      });
      await Promise.all(grantIds.map(tidy));
      events.consentWithdrawn({ accountId, clientId });
    },
  };
}
