import type Provider from 'oidc-provider';
import type { Grant, KoaContextWithOIDC } from 'oidc-provider';
import type { Accounts } from '../accounts/accounts.ts';
import { type Consents, type Decisions, openidResource } from '../consents/consents.ts';
import type { SessionGrants } from '../storage/session-grants.ts';
import { GrantRevokedError } from './adapter.ts';
import { grantLifetime, refreshChainLifetime } from './lifetimes.ts';
import { decisionsAbout } from './own-client.ts';
import type { Resources } from './resources.ts';

export interface GrantsNeeds {
  readonly provider: () => Provider;
  readonly accounts: Accounts;
  readonly consents: Consents;
  readonly resources: Pick<Resources, 'decidedUnder'>;
  readonly sessionGrants: SessionGrants;
}

/** Each resource of the request, and under which one its decisions are kept. */
type Asked = readonly (readonly [resource: string, decidedUnder: string])[];

/**
 * The grant of this session and client: a copy of what the person decided, brought up to date at each authorization.
 * The engine's own way of keeping decisions in grants makes a rejection final and asks again in every new session.
 *
 * The order matters. Its name is taken, the copy is written, and only then the decisions are asked for again: a
 * withdrawal that these do not show comes later, and finds the name. One that began before the name was taken, and shows
 * what it finds from then, is told apart where the copy is written (see the adapter).
 */
export function createGrantLoader({ provider, accounts, consents, resources, sessionGrants }: GrantsNeeds) {
  return async (ctx: KoaContextWithOIDC): Promise<Grant | undefined> => {
    const { account, client, session } = ctx.oidc;
    if (!account || !client || !session) return undefined;
    const { accountId } = account;
    const { clientId } = client;
    const asked = Object.keys(ctx.oidc.resourceServers ?? {}).map(
      (resource) => [resource, resources.decidedUnder(resource)] as const,
    );
    const { Grant } = provider();

    let decisions = await decisionsAbout(consents, accountId, clientId);
    while (decisions.answered) {
      const grantId = await sessionGrants.idFor({ sessionUid: session.uid, clientId, accountId });
      const grant = (await Grant.find(grantId)) ?? new Grant({ accountId, clientId });
      grant.jti = grantId;
      const written = await bringUpToDate(grant, decisions, asked);
      // NOTE: another tab may have recorded an answer meanwhile and written a grant that knows more than this one.
      const now = await decisionsAbout(consents, accountId, clientId);
      const person = await accounts.find(accountId);
      if (!now.answered || !person || person.disabled) {
        await Grant.adapter.destroy(grantId);
        return undefined;
      }
      if (written && sameGranted(decisions, now, asked)) return acceptEmptyScope(grant);
      decisions = now;
    }
    return undefined;
  };
}

/** @returns false when the grant has been revoked meanwhile: it does not come back, the next one has another name */
async function bringUpToDate(grant: Grant, decisions: Decisions, asked: Asked): Promise<boolean> {
  const openid = [...decisions.granted(openidResource)].join(' ');
  const granted: Record<string, string> = { ...grant.resources };
  for (const [resource, decidedUnder] of asked) granted[resource] = [...decisions.granted(decidedUnder)].join(' ');

  const before = JSON.stringify([grant.openid?.scope ?? '', grant.resources ?? {}]);
  grant.openid = { ...grant.openid, scope: openid };
  grant.resources = granted;
  const changed = before !== JSON.stringify([openid, granted]);
  const outlived = grant.exp === undefined || grant.exp - Date.now() / 1000 < refreshChainLifetime;
  if (!changed && !outlived) return true;
  grant.exp = Math.floor(Date.now() / 1000) + grantLifetime;
  try {
    await grant.save();
    return true;
  } catch (error) {
    if (error instanceof GrantRevokedError) return false;
    throw error;
  }
}

function sameGranted(a: Decisions, b: Decisions, asked: Asked): boolean {
  return [openidResource, ...asked.map(([, decidedUnder]) => decidedUnder)].every((resource) => {
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
