import type { Answer } from './answer.ts';
import type { ServerMetadata } from './server-metadata.ts';
import type { Traffic } from './traffic.ts';

export interface ClientIdentity {
  readonly id: string;
  readonly secret?: string | undefined;
  readonly method: 'client_secret_basic' | 'client_secret_post' | 'none';
}

/** A code as the redirect URI received it, and what proves that it was ours. */
export interface GrantedCode {
  readonly code: string;
  readonly code_verifier: string;
}

/** A client that does what clients do, only oftener. */
export interface OAuthClient {
  readonly identity: ClientIdentity;
  exchange(granted: GrantedCode, headers?: Record<string, string>): Promise<Answer>;
  refresh(refreshToken: string): Promise<Answer>;
  revoke(token: string): Promise<Answer>;
  /** RFC 9126, section 2.1. */
  push(request: URLSearchParams): Promise<Answer>;
}

export interface OAuthClientNeeds {
  readonly traffic: Traffic;
  readonly metadata: ServerMetadata;
  /** Uses are spread over them in turn. */
  readonly tokenEndpoints: readonly string[];
  readonly redirectUri: string;
  readonly resource: string | undefined;
}

export function createOAuthClient(identity: ClientIdentity, needs: OAuthClientNeeds): OAuthClient {
  const { traffic, metadata, tokenEndpoints, redirectUri, resource } = needs;
  let turn = 0;

  const post = (endpoint: string, form: URLSearchParams, more: Record<string, string> = {}) => {
    const { params, headers } = credentialsOf(identity);
    for (const [name, value] of Object.entries(params)) form.set(name, value);
    return traffic.ask(endpoint, { method: 'POST', body: form, headers: { ...headers, ...more } });
  };
  const token = (form: Record<string, string>, headers?: Record<string, string>) => {
    const endpoint = tokenEndpoints[turn++ % tokenEndpoints.length] ?? metadata.token_endpoint;
    const asked = asThroughProxy(endpoint, metadata.token_endpoint);
    return post(endpoint, new URLSearchParams(form), { accept: 'application/json', ...asked, ...headers });
  };

  return {
    identity,
    exchange: ({ code, code_verifier }, headers) =>
      token(
        {
          grant_type: 'authorization_code',
          code,
          code_verifier,
          redirect_uri: redirectUri,
          ...(resource === undefined ? {} : { resource }),
        },
        headers,
      ),
    refresh: (refreshToken) => token({ grant_type: 'refresh_token', refresh_token: refreshToken }),
    revoke: (revoked) =>
      post(
        metadata.revocation_endpoint ?? '',
        new URLSearchParams({ token: revoked, token_type_hint: 'refresh_token' }),
      ),
    push: (request) => post(metadata.pushed_authorization_request_endpoint ?? '', new URLSearchParams(request)),
  };
}

/** A replica that is asked directly is told, as the proxy in front of it would, under which name. */
function asThroughProxy(endpoint: string, publicEndpoint: string): Record<string, string> {
  const { host, protocol } = new URL(publicEndpoint);
  if (new URL(endpoint).host === host) return {};
  return { 'x-forwarded-host': host, 'x-forwarded-proto': protocol.replace(':', '') };
}

interface Credentials {
  readonly params: Record<string, string>;
  readonly headers: Record<string, string>;
}

function credentialsOf({ id, secret = '', method }: ClientIdentity): Credentials {
  if (method === 'none') return { params: { client_id: id }, headers: {} };
  if (method === 'client_secret_post') return { params: { client_id: id, client_secret: secret }, headers: {} };
  // RFC 6749, section 2.3.1: both parts are form-encoded first.
  const pair = [id, secret].map((part) => encodeURIComponent(part)).join(':');
  return { params: {}, headers: { authorization: `Basic ${Buffer.from(pair).toString('base64')}` } };
}
