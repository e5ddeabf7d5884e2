import { createHash, randomBytes } from 'node:crypto';
import type { AuthorizationServer } from '../../apps/authorization-server/src/server.ts';

/** What discovery says. */
export interface Metadata {
  readonly issuer: string;
  readonly jwks_uri: string;
  readonly authorization_endpoint: string;
  readonly device_authorization_endpoint: string;
  readonly end_session_endpoint: string;
  readonly introspection_endpoint: string;
  readonly pushed_authorization_request_endpoint: string;
  readonly registration_endpoint: string;
  readonly revocation_endpoint: string;
  readonly token_endpoint: string;
  readonly userinfo_endpoint: string;
  readonly [member: string]: unknown;
}

export type Registration = Record<string, unknown>;
export type Params = Readonly<Record<string, string | undefined>>;

const everyScope = 'openid profile email offline_access read:todos write:todos admin';

/** A client of the server, as its developer would write it. */
export interface App {
  readonly id: string;
  readonly secret: string | undefined;
  readonly redirectUri: string;
  /** An authorization request with state, nonce and PKCE. A parameter given as undefined is left out. */
  request(params?: Params): AuthorizationRequest;
  exchange(code: string | undefined, request: AuthorizationRequest, params?: Params): Promise<Answer>;
  refresh(refreshToken: unknown, params?: Params): Promise<Answer>;
  token(params: Params, headers?: Record<string, string>): Promise<Answer>;
  /** A form to any endpoint, with the app's own credentials; those given in `params` or `headers` come first. */
  post(endpoint: string, params: Params, headers?: Record<string, string>): Promise<Answer>;
}

export interface AuthorizationRequest {
  readonly url: URL;
  readonly verifier: string;
  readonly state: string;
  readonly nonce: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export interface Body {
  readonly access_token?: string;
  readonly token_type?: string;
  readonly expires_in?: number;
  readonly refresh_token?: string;
  readonly id_token?: string;
  readonly scope?: string;
  readonly error?: string;
  readonly error_description?: string;
  readonly [member: string]: unknown;
}

export interface AppNeeds {
  readonly server: AuthorizationServer;
  readonly metadata: Metadata;
}

export async function createApp({ server, metadata }: AppNeeds, registration: Registration = {}): Promise<App> {
  const added = await server.clients.add({
    client_name: 'Planner',
    redirect_uris: ['https://planner.example/callback'],
    scope: everyScope,
    ...registration,
  });
  return appOf(metadata, added);
}

/** The app of a registration that was made in whatever way. */
export function appOf(metadata: Metadata, registration: Registration): App {
  const id = String(registration.client_id);
  const secret = registration.client_secret === undefined ? undefined : String(registration.client_secret);
  const redirectUri = String((registration.redirect_uris as string[])[0]);
  const method = registration.token_endpoint_auth_method;

  const credentials = (params: Params, headers: Record<string, string>): [Params, Record<string, string>] => {
    const given = 'authorization' in headers || 'client_secret' in params || 'client_assertion' in params;
    if (given) return [params, headers];
    if (method === 'client_secret_basic') return [params, { authorization: basic(id, secret ?? ''), ...headers }];
    if (method === 'client_secret_post') return [{ client_id: id, client_secret: secret, ...params }, headers];
    return [{ client_id: id, ...params }, headers];
  };

  const app: App = {
    id,
    secret,
    redirectUri,
    request(params = {}) {
      const [verifier, state, nonce] = [random(), random(), random()];
      const scope = 'scope' in params ? params.scope : 'openid read:todos';
      const url = new URL(metadata.authorization_endpoint);
      url.search = wire({
        client_id: id,
        redirect_uri: redirectUri,
        response_type: 'code',
        scope,
        state,
        nonce: scope?.split(' ').includes('openid') ? nonce : undefined,
        code_challenge: challengeOf(verifier),
        code_challenge_method: 'S256',
        ...params,
      }).toString();
      return { url, verifier, state, nonce };
    },
    exchange: (code, { verifier }, params) =>
      app.token({
        grant_type: 'authorization_code',
        code,
        redirect_uri: redirectUri,
        code_verifier: verifier,
        ...params,
      }),
    refresh: (refreshToken, params) =>
      app.token({ grant_type: 'refresh_token', refresh_token: String(refreshToken), ...params }),
    token: (params, headers) => app.post(metadata.token_endpoint, params, headers),
    async post(endpoint, params, headers = {}) {
      const [form, sent] = credentials(params, headers);
      return answerOf(await fetch(endpoint, { method: 'POST', body: wire(form), headers: sent, redirect: 'manual' }));
    },
  };
  return app;
}

export async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return { status: response.status, headers: response.headers, body: isJson ? (JSON.parse(text) as Body) : {} };
}

/** RFC 6749, section 2.3.1: both parts are form-encoded first. */
export function basic(id: string, secret: string): string {
  const pair = [id, secret].map((part) => encodeURIComponent(part)).join(':');
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

export function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}

export function random(): string {
  return randomBytes(32).toString('base64url');
}

/** Parameters as they go over the wire, without those that are undefined. */
export function wire(params: Params): URLSearchParams {
  return new URLSearchParams(
    Object.entries(params).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
