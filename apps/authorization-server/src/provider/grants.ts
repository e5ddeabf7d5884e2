import type Provider from 'oidc-provider';
import type { Grant, KoaContextWithOIDC } from 'oidc-provider';
import { type Consents, type Decisions, openidResource } from '../consents/consents.ts';
import type { SessionGrants } from '../storage/session-grants.ts';
import { grantLifetime, refreshChainLifetime } from './lifetimes.ts';
import { decisionsAbout } from './own-client.ts';

export interface GrantsNeeds {
  readonly provider: () => Provider;
  readonly consents: Consents;
  readonly sessionGrants: SessionGrants;
}

/**
 * The grant of this session and client: a copy of what the person decided, brought up to date at each authorization.
 * The engine's own way of keeping decisions in grants makes a rejection final and asks again in every new session.
 */
export function createGrantLoader({ provider, consents, sessionGrants }: GrantsNeeds) {
  return async (ctx: KoaContextWithOIDC): Promise<Grant | undefined> => {
    const { account, client, session } = ctx.oidc;
    if (!account || !client || !session) return undefined;
    const { accountId } = account;
    const { clientId } = client;

    let decisions = await decisionsAbout(consents, accountId, clientId);
    if (!decisions.answered) return undefined;

    const { Grant } = provider();
    const grantId = await sessionGrants.idFor({ sessionUid: session.uid, clientId, accountId });
    for (;;) {
      const grant = (await Grant.find(grantId)) ?? new Grant({ accountId, clientId });
      grant.jti = grantId;
      await bringUpToDate(grant, decisions, Object.keys(ctx.oidc.resourceServers ?? {}));
      // NOTE: another tab may have recorded an answer meanwhile and written a grant that knows more than this one.
      const now = await decisionsAbout(consents, accountId, clientId);
      if (sameGranted(decisions, now, Object.keys(ctx.oidc.resourceServers ?? {}))) return acceptEmptyScope(grant);
      decisions = now;
    }
  };
}

async function bringUpToDate(grant: Grant, decisions: Decisions, resources: readonly string[]): Promise<void> {
  const openid = [...decisions.granted(openidResource)].join(' ');
  const granted: Record<string, string> = { ...grant.resources };
  for (const resource of resources) granted[resource] = [...decisions.granted(resource)].join(' ');

  const before = JSON.stringify([grant.openid?.scope ?? '', grant.resources ?? {}]);
  grant.openid = { ...grant.openid, scope: openid };
  grant.resources = granted;
  const changed = before !== JSON.stringify([openid, granted]);
  const outlived = grant.exp === undefined || grant.exp - Date.now() / 1000 < refreshChainLifetime;
  if (!changed && !outlived) return;
  grant.exp = Math.floor(Date.now() / 1000) + grantLifetime;
  await grant.save();
}

function sameGranted(a: Decisions, b: Decisions, resources: readonly string[]): boolean {
  return [openidResource, ...resources].every((resource) => {
    const [before, after] = [a.granted(resource), b.granted(resource)];
    return before.size === after.size && before.isSubsetOf(after);
  });
}

/**
 * The engine takes an authorization without a single scope for a refusal. A person who allows an app and unticks
 * everything has not refused: the token that follows carries no scope. Holds for this one request only.
 */
function acceptEmptyScope(grant: Grant): Grant {
  const filtered = grant.getResourceScopeFiltered.bind(grant);
  grant.getResourceScopeFiltered = (resource, filter) => filtered(resource, filter) || ' ';
  return grant;
}
