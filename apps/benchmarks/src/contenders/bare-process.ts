/** The bare oidc-provider as a program: the engine with its own behaviour, and the same choices as ours where it has one. */
import { generateKeyPairSync } from 'node:crypto';
import Provider, { type Configuration, errors } from 'oidc-provider';
import type { BareTask } from './bare-server.ts';
import { createMapAdapter } from './map-adapter.ts';
import { apiScope, redirectUri, resource } from './running-server.ts';

const { issuer, port, clientId, clientSecret } = JSON.parse(process.argv[2] ?? '') as BareTask;
const day = 86_400;
const signingKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });

const configuration: Configuration = {
  adapter: createMapAdapter({
    [clientId]: {
      client_id: clientId,
      client_secret: clientSecret,
      client_name: 'Planner',
      redirect_uris: [redirectUri],
      response_types: ['code'],
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
      token_endpoint_auth_method: 'client_secret_basic',
      scope: 'openid profile email offline_access',
    },
  }),
  claims: { openid: ['sub'], profile: ['name', 'preferred_username'], email: ['email'] },
  clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
  clientDefaults: { id_token_signed_response_alg: 'ES256' },
  // NOTE: signed, as its manual advises.
  cookies: { keys: [crypto.randomUUID()] },
  features: {
    backchannelLogout: { enabled: true },
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    deviceFlow: { enabled: true },
    introspection: { enabled: true, allowedPolicy: async (_, client, token) => token.clientId === client.clientId },
    registration: { enabled: true },
    registrationManagement: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: async (ctx) => (asksForApi(ctx.oidc.params) ? resource : []) as string,
      async getResourceServerInfo(_, indicator) {
        if (indicator !== resource) throw new errors.InvalidTarget();
        const accessToken = { accessTokenFormat: 'jwt', accessTokenTTL: 300, jwt: { sign: { alg: 'ES256' } } } as const;
        return { scope: 'read:todos write:todos', audience: resource, ...accessToken };
      },
      useGrantedResource: async () => true,
    },
    revocation: { enabled: true },
  },
  findAccount: async (_, accountId) => ({ accountId, claims: () => ({ sub: accountId, name: 'Alice' }) }),
  interactions: { url: (_, { uid }) => `/interaction/${uid}` },
  issueRefreshToken: async (_, client) => client.grantTypeAllowed('refresh_token'),
  jwks: { keys: [{ ...signingKey, alg: 'ES256', use: 'sig' } as never] },
  pkce: { required: () => true },
  responseTypes: ['code'],
  rotateRefreshToken: true,
  routes: { authorization: '/authorize', introspection: '/introspect', jwks: '/jwks', token: '/token' },
  scopes: ['openid', 'offline_access'],
  ttl: { AuthorizationCode: 60, Grant: 360 * day, IdToken: 3600, RefreshToken: 14 * day, Session: 14 * day },
};

const provider = new Provider(issuer, configuration);

/** Nobody is there to fill in forms: whoever comes is Alice, and allows what is asked for. */
provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith('/interaction/')) return next();
  const { prompt, params, session, grantId } = await provider.interactionDetails(ctx.req, ctx.res);
  if (prompt.name === 'login') {
    ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, { login: { accountId: 'alice' } }));
    return undefined;
  }
  const accountId = session?.accountId ?? '';
  const known = grantId === undefined ? undefined : await provider.Grant.find(grantId);
  const grant = known ?? new provider.Grant({ accountId, clientId: String(params.client_id) });
  grant.addOIDCScope('openid');
  grant.addResourceScope(resource, apiScope);
  ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, { consent: { grantId: await grant.save() } }));
  return undefined;
});

function asksForApi(params: Readonly<Record<string, unknown>> | undefined): boolean {
  return params?.grant_type === 'client_credentials' || `${params?.scope}`.split(' ').includes(apiScope);
}

const listening = provider.listen(port, '127.0.0.1');
process.once('SIGTERM', () => {
  listening.close();
  listening.closeAllConnections();
});
