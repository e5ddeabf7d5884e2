import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import Provider, { errors, type KoaContextWithOIDC } from 'oidc-provider';
import { createMemory } from './memory-adapter.ts';

export interface SmallAuthorizationServer extends AsyncDisposable {
  readonly issuer: string;
  /** What the person does when asked: signs in as, and allows. */
  person: { username: string; allows: 'all' | readonly string[] | 'nothing' };
  /** Token requests so far, by grant type and outcome. */
  readonly tokenRequests: { grantType: string; status: number }[];
  /** Every token that it has handed out. */
  readonly issued: string[];
  /** Refresh tokens that were given to the revocation endpoint. */
  readonly revoked: string[];
  /** What it answers instead of its work: 'down' hangs up. */
  outage: 'none' | 'down' | number;
  /** Runs before each token request is worked on. */
  beforeToken: () => Promise<void>;
  /** The last authorization request. */
  lastRequest: URLSearchParams;
  /** Makes every refresh token invalid, as an operator would. */
  revokeEverything(): void;
  /** Signs with the key that it publishes. */
  sign(payload: JWTPayload, typ: string): Promise<string>;
  readonly provider: Provider;
}

export interface SmallServerOptions {
  readonly clientUrl: string;
  readonly clientSecret: string;
  readonly resource: string;
  /** Whether the client is registered for refresh tokens. */
  readonly refreshTokens: boolean;
}

const apiScopes = ['read:todos', 'write:todos', 'admin'];

/** oidc-provider itself, with one client, and with a person who decides as the story wants. */
export async function startSmallAuthorizationServer({
  clientUrl,
  clientSecret,
  resource,
  refreshTokens,
}: SmallServerOptions): Promise<SmallAuthorizationServer> {
  let handle: ReturnType<Provider['callback']> | undefined;
  const server = createServer((request, response) => {
    if (state.outage === 'down') return request.socket.destroy();
    if (typeof state.outage === 'number') return response.writeHead(state.outage).end();
    return handle?.(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;

  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = { ...(await exportJWK(privateKey)), kid: 'one', alg: 'ES256', use: 'sig' };
  const memory = createMemory();

  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'demo-client',
        client_secret: clientSecret,
        redirect_uris: [`${clientUrl}/auth/callback`],
        post_logout_redirect_uris: [`${clientUrl}/auth/signed-out`],
        backchannel_logout_uri: `${clientUrl}/auth/backchannel-logout`,
        backchannel_logout_session_required: true,
        grant_types: ['authorization_code', ...(refreshTokens ? ['refresh_token'] : [])],
      },
    ],
    adapter: memory.adapter,
    ttl: { Interaction: 600, Session: 86_400, Grant: 86_400, AccessToken: 300, RefreshToken: 86_400, IdToken: 300 },
    jwks: { keys: [jwk] },
    cookies: { keys: ['a key for tests'] },
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    claims: { openid: ['sub'], profile: ['name', 'preferred_username'], email: ['email'] },
    scopes: ['openid', 'offline_access'],
    rotateRefreshToken: true,
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    findAccount: (_ctx, sub) => ({
      accountId: sub,
      claims: () => ({ sub, name: `Person ${sub}`, preferred_username: sub, email: `${sub}@example.org` }),
    }),
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    // NOTE: the server's own fetch refuses loopback addresses; here the client lives on one.
    fetch: (url, { dispatcher: _, ...init }: RequestInit & { dispatcher?: unknown } = {}) => fetch(url, init),
    features: {
      devInteractions: { enabled: false },
      revocation: { enabled: true },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: { enabled: true },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: async () => true,
        getResourceServerInfo: async (_ctx, indicator) => {
          if (indicator !== resource) throw new errors.InvalidTarget();
          return {
            scope: apiScopes.join(' '),
            audience: resource,
            accessTokenFormat: 'jwt',
            accessTokenTTL: 300,
            jwt: { sign: { alg: 'ES256' } },
          };
        },
      },
    },
  });
  provider.use(async (ctx, next) => {
    if (ctx.path === '/auth' && ctx.querystring) state.lastRequest = new URLSearchParams(ctx.querystring);
    if (ctx.path === '/token') await state.beforeToken();
    if (ctx.path.startsWith('/interaction/')) return decide(ctx);
    await next();
    const { oidc } = ctx as KoaContextWithOIDC;
    const params = (oidc?.params ?? {}) as Record<string, unknown>;
    if (ctx.path === '/token') state.issued.push(...tokensIn(ctx.body));
    if (ctx.path === '/token') state.tokenRequests.push({ grantType: String(params.grant_type), status: ctx.status });
    if (ctx.path === '/token/revocation') state.revoked.push(String(params.token));
    return undefined;
  });
  handle = provider.callback();

  async function decide(ctx: Parameters<Parameters<Provider['use']>[0]>[0]): Promise<void> {
    const { username, allows } = state.person;
    const { prompt, params, session } = await provider.interactionDetails(ctx.req, ctx.res);
    if (prompt.name === 'login')
      return provider.interactionFinished(ctx.req, ctx.res, { login: { accountId: username } });
    if (allows === 'nothing')
      return provider.interactionFinished(ctx.req, ctx.res, {
        error: 'access_denied',
        error_description: 'the person said no',
      });
    const accountId = session?.accountId ?? username;
    const grant = new provider.Grant({ accountId, clientId: String(params.client_id) });
    const asked = String(params.scope).split(' ');
    grant.addOIDCScope(asked.filter((scope) => !apiScopes.includes(scope)).join(' '));
    const ticked = asked.filter((scope) => apiScopes.includes(scope) && (allows === 'all' || allows.includes(scope)));
    const unticked = asked.filter((scope) => apiScopes.includes(scope) && !ticked.includes(scope));
    if (ticked.length > 0) grant.addResourceScope(resource, ticked.join(' '));
    if (unticked.length > 0) grant.rejectResourceScope(resource, unticked.join(' '));
    return provider.interactionFinished(ctx.req, ctx.res, { consent: { grantId: await grant.save() } });
  }

  const state: SmallAuthorizationServer = {
    issuer,
    provider,
    person: { username: 'alice', allows: 'all' },
    tokenRequests: [],
    issued: [],
    revoked: [],
    outage: 'none',
    beforeToken: async () => {},
    lastRequest: new URLSearchParams(),
    revokeEverything: () => memory.forgetAll('RefreshToken'),
    sign: (payload, typ) => new SignJWT(payload).setProtectedHeader({ alg: 'ES256', kid: 'one', typ }).sign(privateKey),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return state;
}

function tokensIn(answer: unknown): string[] {
  if (typeof answer !== 'object' || answer === null) return [];
  return ['access_token', 'refresh_token', 'id_token'].map((name) => String(Reflect.get(answer, name) ?? ''));
}
