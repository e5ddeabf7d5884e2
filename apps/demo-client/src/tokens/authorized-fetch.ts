import { tracedFetch } from '@latchkey/service';
import * as oidc from 'openid-client';
import type { DpopKey, DpopKeys } from '../issuer/dpop-keys.ts';
import type { Issuer } from '../issuer/issuer.ts';
import type { Session } from '../session/sessions.ts';
import type { Renewal } from './renewal.ts';

interface ApiRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers?: Headers;
  /** Held whole, so that the request can be sent a second time. */
  readonly body?: Uint8Array<ArrayBuffer> | undefined;
}

export type ApiOutcome =
  | { readonly kind: 'answer'; readonly response: Response; readonly session: Session }
  | { readonly kind: 'ended' }
  | { readonly kind: 'unavailable'; readonly cause?: unknown };

export type AuthorizedFetch = (session: Session, request: ApiRequest) => Promise<ApiOutcome>;

const apiTimeoutMs = 15_000;

export interface AuthorizedFetchOptions {
  readonly renewal: Renewal;
  readonly issuer: Issuer;
  readonly dpopKeys: DpopKeys;
  /** How requests are sent; default: as part of the trace. */
  readonly fetch?: typeof fetch | undefined;
}

/**
 * Calls the API with the person's token. Should the API refuse the token itself, it is renewed and the request sent once
 * more, never a third time. Any other refusal (403 for a missing scope above all) is the caller's to read.
 */
export function createAuthorizedFetch(options: AuthorizedFetchOptions): AuthorizedFetch {
  const { renewal, issuer, dpopKeys, fetch = tracedFetch } = options;

  async function send(session: Session, request: ApiRequest): Promise<ApiOutcome> {
    try {
      const { accessToken } = session.tokens;
      const response = session.dpopKey
        ? await sendBound(accessToken, session.dpopKey, request)
        : await sendBearer(fetch, accessToken, request);
      return { kind: 'answer', response, session };
    } catch (cause) {
      return { kind: 'unavailable', cause };
    }
  }

  /** RFC 9449, section 7: with a proof for this method, address and token, and a second time should a nonce be wanted. */
  async function sendBound(accessToken: string, key: DpopKey, request: ApiRequest): Promise<Response> {
    const { url, method, headers, body } = request;
    const configuration = await issuer.configuration();
    const proofs = await dpopKeys.proofs(configuration, key);
    try {
      return await oidc.fetchProtectedResource(configuration, accessToken, url, method, body, new Headers(headers), {
        ...(proofs && { DPoP: proofs }),
      });
    } catch (error) {
      if (error instanceof oidc.WWWAuthenticateChallengeError) return error.response;
      throw error;
    }
  }

  return async (session, request) => {
    const first = await renewal.usable(session);
    if (first.kind !== 'fresh') return first;
    const outcome = await send(first.session, request);
    if (outcome.kind !== 'answer' || first.session.refreshMode === 'proactive' || !isTokenRefused(outcome.response))
      return outcome;

    await outcome.response.body?.cancel();
    const second = await renewal.renew(first.session);
    return second.kind === 'fresh' ? send(second.session, request) : second;
  };
}

function sendBearer(
  send: typeof fetch,
  accessToken: string,
  { url, method, headers, body }: ApiRequest,
): Promise<Response> {
  const authorized = new Headers(headers);
  authorized.set('Authorization', `Bearer ${accessToken}`);
  return send(url, {
    method,
    headers: authorized,
    ...(body ? { body } : {}),
    // A redirect would carry the token to wherever it points.
    redirect: 'manual',
    signal: AbortSignal.timeout(apiTimeoutMs),
  });
}

/** RFC 6750, section 3.1: `invalid_token` means expired, revoked or malformed; a new one may be accepted. */
function isTokenRefused(response: Response): boolean {
  if (response.status !== 401) return false;
  return /(?:^|[\s,])error="?invalid_token"?(?:[\s,]|$)/i.test(response.headers.get('WWW-Authenticate') ?? '');
}
