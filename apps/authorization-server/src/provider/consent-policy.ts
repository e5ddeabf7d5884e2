import { interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';
import { isOnLoopback } from '../clients/redirect-uris.ts';
import { type Consents, type Decisions, openidResource } from '../consents/consents.ts';
import { clientSettings } from './client-settings.ts';
import { decisionsAbout, ownClientId } from './own-client.ts';
import { type Resources, requestedOpenidScopes } from './resources.ts';

/** What a person is to be asked. The empty resource stands for OpenID Connect's own scopes. */
export interface ConsentQuestion {
  /** Under which the answer is kept. */
  readonly resource: string;
  /** Scopes to decide now. */
  readonly asked: readonly string[];
  /** Requested scopes that were granted before and are not asked again. */
  readonly granted: readonly string[];
}

export interface ConsentDetails {
  readonly questions: readonly ConsentQuestion[];
  readonly required: readonly string[];
  /** The person has answered this client before, and it asks for something that it does not have. */
  readonly askingForMore: boolean;
}

const { Check, Prompt } = interactionPolicy;

/**
 * Asks when a client comes for the first time, and later only for what has not been decided yet. A scope that was
 * declined is asked for again only when the client says so with `prompt=consent`, or when the page is shown each time.
 */
export function consentPrompt(consents: Consents, { decidedUnder }: Pick<Resources, 'decidedUnder'>) {
  const requested = (ctx: KoaContextWithOIDC) => requestedScopes(ctx, decidedUnder);
  const decisionsOf = async ({ oidc }: KoaContextWithOIDC): Promise<Decisions> => {
    if (!oidc.account || !oidc.client) throw new TypeError('consent is asked of a person, about a client');
    return decisionsAbout(consents, oidc.account.accountId, oidc.client.clientId);
  };

  const details = async (ctx: KoaContextWithOIDC) => {
    const decisions = await decisionsOf(ctx);
    return { consent: consentDetails(ctx, decisions, requested(ctx)) };
  };

  const check = new Check('consent_missing', 'the person has to decide', 'consent_required', async (ctx) => {
    const decisions = await decisionsOf(ctx);
    if (!decisions.answered) return Check.REQUEST_PROMPT;
    if (mayBeImpersonated(ctx) && !ctx.oidc.result?.consent) return Check.REQUEST_PROMPT;
    const open = requested(ctx).some(({ resource, scopes }) => undecided(scopes, decisions, resource).length > 0);
    return open ? Check.REQUEST_PROMPT : Check.NO_NEED_TO_PROMPT;
  });

  return new Prompt({ name: 'consent', requestable: true }, details, check);
}

function consentDetails(ctx: KoaContextWithOIDC, decisions: Decisions, requests: readonly Requested[]): ConsentDetails {
  const byPrompt = ctx.oidc.promptPending('consent');
  const notGranted = requests.some(({ resource, scopes }) =>
    scopes.some((scope) => !decisions.granted(resource).has(scope)),
  );
  const questions = requests.map(({ resource, scopes }) => {
    const granted = scopes.filter((scope) => decisions.granted(resource).has(scope));
    const others = scopes.filter((scope) => !decisions.granted(resource).has(scope));
    if (byPrompt && !notGranted) return { resource, asked: scopes, granted: [] };
    const asksAll = byPrompt || mayBeImpersonated(ctx);
    return { resource, asked: asksAll ? others : undecided(scopes, decisions, resource), granted };
  });
  return {
    questions,
    required: ctx.oidc.client ? [...clientSettings(ctx.oidc.client).requiredScopes] : [],
    askingForMore: decisions.answered && notGranted,
  };
}

/**
 * RFC 8252, section 8.6: anything on the machine can answer for an app without a secret, so nothing is silent. On loopback
 * this is so whatever the app says it is, and of each of its redirect URIs by itself. Ours is answered by this server.
 */
function mayBeImpersonated({ oidc: { client, params } }: KoaContextWithOIDC): boolean {
  if (client?.clientAuthMethod !== 'none' || client.clientId === ownClientId) return false;
  return client.applicationType === 'native' || isOnLoopback(params?.redirect_uri);
}

interface Requested {
  readonly resource: string;
  readonly scopes: readonly string[];
}

/** Requested ∩ client ∩ person, by where it is decided: the resource servers' scopes come cut down already. */
function requestedScopes(ctx: KoaContextWithOIDC, decidedUnder: Resources['decidedUnder']): Requested[] {
  const wanted = ctx.oidc.requestParamScopes;
  const servers = Map.groupBy(Object.entries(ctx.oidc.resourceServers ?? {}), ([indicator]) => decidedUnder(indicator));
  return [
    { resource: openidResource, scopes: requestedOpenidScopes(ctx) },
    ...[...servers].map(([resource, group]) => ({
      resource,
      scopes: [...new Set(group.flatMap(([, { scopes }]) => [...scopes]))].filter((scope) => wanted.has(scope)),
    })),
  ];
}

function undecided(scopes: readonly string[], decisions: Decisions, resource: string): string[] {
  const granted = decisions.granted(resource);
  const declined = decisions.declined(resource);
  return scopes.filter((scope) => !granted.has(scope) && !declined.has(scope));
}
