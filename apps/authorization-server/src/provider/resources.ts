import { openidScopes, todosScopes } from '@latchkey/scope-catalogue';
import { type Client, errors, type KoaContextWithOIDC, type ResourceServer } from 'oidc-provider';
import type { Accounts } from '../accounts/accounts.ts';
import { words } from '../clients/registration-rules.ts';
import type { Consents } from '../consents/consents.ts';
import { clientSettings } from './client-settings.ts';
import { decisionsAbout } from './own-client.ts';

export interface Resources {
  /** The resource when a request names none: the todos API if it asks for one of its scopes. */
  defaultResource(
    ctx: KoaContextWithOIDC,
    client: Client,
    oneOf?: readonly string[],
  ): string | readonly string[] | undefined;
  /** What a token for the resource may carry at most: catalogue ∩ client ∩ person (RFC 8707, section 2). */
  resourceServerInfo(ctx: KoaContextWithOIDC, indicator: string, client: Client): Promise<ResourceServer>;
  /**
   * Under which resource the decisions about this one's scopes are kept. The MCP endpoint is another door to the same
   * todos, and its scopes have the same words: asked once for each door, people would learn not to read the question,
   * and an app could ask at one for what was declined at the other.
   */
  decidedUnder(indicator: string): string;
}

export interface ResourcesNeeds {
  readonly accounts: Accounts;
  readonly consents: Consents;
  /** The todos API's identifier: the `aud` of its tokens. */
  readonly todosApi: string;
  /** That of its MCP endpoint: the same scopes, but a token for one is not taken by the other. */
  readonly todosMcp: string;
}

export function createResources({ accounts, consents, todosApi, todosMcp }: ResourcesNeeds): Resources {
  const decidedUnder = (indicator: string) => (indicator === todosMcp ? todosApi : indicator);
  return {
    defaultResource(ctx, _client, oneOf) {
      if (oneOf) return oneOf.length === 1 ? oneOf[0] : oneOf;
      // NOTE: a client without a person has nothing to ask /userinfo, so its token is always for the API.
      const asksForApi = words(ctx.oidc.params?.scope).some((scope) => todosScopes.has(scope as never));
      return asksForApi || ctx.oidc.params?.grant_type === 'client_credentials' ? todosApi : undefined;
    },
    async resourceServerInfo(ctx, indicator, client) {
      if (indicator !== todosApi && indicator !== todosMcp) {
        throw new errors.InvalidTarget(`resource is not known here: use ${todosApi} or ${todosMcp}`);
      }
      const settings = clientSettings(client);
      const grantable = await grantableScopes(ctx);
      const consented = await consentedScopes(ctx, indicator, client);
      const scopes = [...todosScopes.values()].filter(
        ({ name, grantableBy }) =>
          settings.allowedScopes.has(name) &&
          (consented === undefined || consented.has(name)) &&
          (grantable === undefined || grantableBy === 'anyone' || grantable.has(name)),
      );
      return {
        scope: scopes.map(({ name }) => name).join(' '),
        audience: indicator,
        accessTokenFormat: 'jwt',
        accessTokenTTL: settings.accessTokenTtl,
        jwt: { sign: { alg: 'ES256' } },
      };
    },
    decidedUnder,
  };

  /**
   * What the person has consented to by now, when a token is issued: a scope taken back in one session is gone from the
   * grants of all. Undefined while consent is still to be asked, and for a client on its own behalf.
   */
  async function consentedScopes(ctx: KoaContextWithOIDC, indicator: string, client: Client) {
    if (ctx.oidc.route !== 'token' || !ctx.oidc.account) return undefined;
    const decisions = await decisionsAbout(consents, ctx.oidc.account.accountId, client.clientId);
    return decisions.granted(decidedUnder(indicator));
  }

  /** Undefined when no person is known: before sign-in, and for a client on its own behalf. */
  async function grantableScopes(ctx: KoaContextWithOIDC): Promise<ReadonlySet<string> | undefined> {
    const accountId = ctx.oidc.account?.accountId ?? ctx.oidc.session?.accountId;
    if (accountId === undefined) return undefined;
    const account = await accounts.find(accountId);
    return account && !account.disabled ? account.grantableScopes : new Set();
  }
}

/** OpenID Connect's scopes that a client may ask for, out of those it asks for. */
export function requestedOpenidScopes(ctx: KoaContextWithOIDC): string[] {
  return [...ctx.oidc.requestParamOIDCScopes].filter((scope) => openidScopes.has(scope as never));
}
