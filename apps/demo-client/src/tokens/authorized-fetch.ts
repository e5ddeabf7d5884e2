import { tracedFetch } from '@latchkey/service';
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

/**
 * Calls the API with the person's token. Should the API refuse the token itself, it is renewed and the request sent once
 * more, never a third time. Any other refusal (403 for a missing scope above all) is the caller's to read.
 */
export function createAuthorizedFetch(renewal: Renewal): AuthorizedFetch {
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

async function send(session: Session, { url, method, headers, body }: ApiRequest): Promise<ApiOutcome> {
  const authorized = new Headers(headers);
  authorized.set('Authorization', `Bearer ${session.tokens.accessToken}`);
  try {
    const response = await tracedFetch(url, {
      method,
      headers: authorized,
      ...(body ? { body } : {}),
      // A redirect would carry the token to wherever it points.
      redirect: 'manual',
      signal: AbortSignal.timeout(apiTimeoutMs),
    });
    return { kind: 'answer', response, session };
  } catch (cause) {
    return { kind: 'unavailable', cause };
  }
}

/** RFC 6750, section 3.1: `invalid_token` means expired, revoked or malformed; a new one may be accepted. */
function isTokenRefused(response: Response): boolean {
  if (response.status !== 401) return false;
  return /(?:^|[\s,])error="?invalid_token"?(?:[\s,]|$)/i.test(response.headers.get('WWW-Authenticate') ?? '');
}
