import type { JWK } from 'jose';
import type { AdapterFactory, Client, Configuration, KoaContextWithOIDC } from 'oidc-provider';
import { errors } from 'oidc-provider';
import type { Accounts } from '../accounts/accounts.ts';
import { noOpenidScope } from '../clients/client-scopes.ts';
import { supportedAuthMethods } from '../clients/registration-rules.ts';
import type { Consents } from '../consents/consents.ts';
import { accessTokenClaims, claimsByScope, createAccountFinder, passwordAcr } from './claims.ts';
import { extraClientMetadata } from './client-registration.ts';
import { clientSettings } from './client-settings.ts';
import { consentPrompt } from './consent-policy.ts';
import type { createEnginePages } from './engine-pages.ts';
import type { GrantReferences } from './grant-references.ts';
import type { createGrantLoader } from './grants.ts';
import { lifetimes } from './lifetimes.ts';
import { loginPrompt } from './login-policy.ts';
import { createOutgoingFetch } from './outgoing-requests.ts';
import { ownClient } from './own-client.ts';
import type { Resources } from './resources.ts';
import type { Trail } from './trail.ts';

export interface ConfigurationNeeds {
  readonly accounts: Accounts;
  readonly adapter: AdapterFactory;
  readonly consents: Consents;
  readonly enginePages: ReturnType<typeof createEnginePages>;
  readonly grantReferences: GrantReferences;
  readonly https: boolean;
  readonly issuer: string;
  readonly loadGrant: ReturnType<typeof createGrantLoader>;
  readonly nonceSecret: Buffer;
  readonly resources: Resources;
  /** Private JWKs; for each algorithm the first one signs. */
  readonly signingKeys: readonly JWK[];
  readonly trail: Trail;
  /** Origins on loopback or private addresses that the server may call. */
  readonly trustedOrigins: readonly string[];
}

/** Everything that the engine is told. What is not named here stays off or at a default that OAuth 2.1 agrees with. */
export function engineConfiguration(needs: ConfigurationNeeds): Configuration {
  const { enginePages, resources } = needs;
  return {
    acrValues: [passwordAcr],
    adapter: needs.adapter,
    claims: claimsByScope,
    clientAuthMethods: [...supportedAuthMethods],
    clientBasedCORS: isOwnOrigin,
    clients: [ownClient(needs.issuer)],
    clientDefaults: {
      id_token_signed_response_alg: 'ES256',
      grant_types: ['authorization_code'],
      response_types: ['code'],
    },
    cookies: cookies(needs.https),
    enabledJWA: {
      idTokenSigningAlgValues: ['ES256', 'RS256'],
      clientAuthSigningAlgValues: ['ES256', 'RS256', 'PS256', 'EdDSA'],
      dPoPSigningAlgValues: ['ES256', 'RS256', 'PS256', 'EdDSA'],
    },
    extraClientMetadata,
    extraTokenClaims: async (ctx, token) => accessTokenClaims(ctx, token, needs.grantReferences),
    features: {
      backchannelLogout: { enabled: true },
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      deviceFlow: {
        enabled: true,
        userCodeInputSource: enginePages.userCodeInputSource,
        userCodeConfirmSource: enginePages.userCodeConfirmSource,
        successSource: enginePages.successSource,
      },
      dPoP: { enabled: true, nonceSecret: needs.nonceSecret, requireNonce: () => false },
      introspection: {
        enabled: true,
        // NOTE: RFC 7662, section 2.1: the caller proves who it is, which a public client cannot.
        allowedPolicy: async (_ctx, client, token) =>
          client.clientAuthMethod !== 'none' &&
          token.clientId === client.clientId &&
          (await personIsThere(needs.accounts, token)),
      },
      pushedAuthorizationRequests: { enabled: true },
      registration: { enabled: true, initialAccessToken: false, idFactory: () => crypto.randomUUID() },
      registrationManagement: { enabled: true, rotateRegistrationAccessToken: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: async (ctx, client, oneOf) => resources.defaultResource(ctx, client, oneOf) as string,
        getResourceServerInfo: resources.resourceServerInfo,
        useGrantedResource: async () => true,
      },
      revocation: { enabled: true, allowedPolicy: ownTokensOnly },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: enginePages.logoutSource,
        postLogoutSuccessSource: enginePages.postLogoutSuccessSource,
      },
      userinfo: { enabled: true },
    },
    fetch: createOutgoingFetch(needs.trustedOrigins),
    fetchResponseBodyLimits: { jwks_uri: 64 * 1024, sector_identifier_uri: 64 * 1024 },
    findAccount: createAccountFinder(needs.accounts),
    interactions: {
      policy: [loginPrompt(), consentPrompt(needs.consents, resources)],
      async url(ctx, interaction) {
        await needs.trail.began(ctx, interaction);
        return `/interaction/${interaction.uid}`;
      },
    },
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    jwks: { keys: needs.signingKeys as [] },
    loadExistingGrant: needs.loadGrant,
    pkce: { required: (_ctx, client) => !clientSettings(client).pkceOptional },
    renderError: enginePages.renderError,
    responseTypes: ['code'],
    // NOTE: left alone, revoking an access token leaves the grant, and a refresh under way stores a token that lives.
    revokeGrantPolicy: () => true,
    rotateRefreshToken: true,
    routes: {
      authorization: '/authorize',
      code_verification: '/device',
      device_authorization: '/device/authorization',
      end_session: '/logout',
      introspection: '/introspect',
      jwks: '/jwks',
      pushed_authorization_request: '/par',
      registration: '/register',
      revocation: '/revoke',
      token: '/token',
      userinfo: '/userinfo',
    },
    // NOTE: the API's scopes belong to its resource server. Named here as well, they would be asked for twice.
    scopes: ['openid', 'offline_access', noOpenidScope],
    ttl: lifetimes,
  };
}

/**
 * Unsigned, since each carries nothing but 256 random bits. The prefixes make browsers refuse them from anywhere but
 * this host over TLS; those of an interaction have a path, which `__Host-` does not allow.
 */
function cookies(https: boolean): Configuration['cookies'] {
  const options = { httpOnly: true, sameSite: 'lax', signed: false, secure: https } as const;
  return {
    keys: [],
    names: {
      session: `${https ? '__Host-' : ''}latchkey_session`,
      interaction: `${https ? '__Secure-' : ''}latchkey_interaction`,
      resume: `${https ? '__Secure-' : ''}latchkey_resume`,
    },
    long: options,
    short: options,
  };
}

/** Browsers may call token endpoints for a public client from the origin where its redirect URI is. */
function isOwnOrigin(ctx: KoaContextWithOIDC, origin: string, client: Client): boolean {
  if (origin === 'null') return false;
  if (ctx.oidc.route !== 'userinfo' && client.clientAuthMethod !== 'none') return false;
  return client.redirectUris?.some((uri) => URL.parse(uri)?.origin === origin) ?? false;
}

/** Whoever is disabled or deleted has no living token; a client's own token has no person. */
async function personIsThere(accounts: Accounts, token: object): Promise<boolean> {
  if (!('accountId' in token) || token.accountId === undefined) return true;
  const account = await accounts.find(String(token.accountId));
  return account !== undefined && !account.disabled;
}

/** RFC 7009, section 2.1: a token of another client is refused; a public client learns nothing from the answer. */
const ownTokensOnly: NonNullable<NonNullable<Configuration['features']>['revocation']>['allowedPolicy'] = async (
  _ctx,
  client,
  token,
) => {
  if (token.clientId === client.clientId) return true;
  if (client.clientAuthMethod === 'none') return false;
  throw new errors.InvalidRequest('client is not authorized to revoke the presented token');
};
