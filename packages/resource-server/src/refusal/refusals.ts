/**
 * Every way in which a request can be refused, as a value. What goes over the wire is `error`, `error_description` and
 * `parameters`; `cause` is for the log only and never reaches the caller.
 */
export interface Refusal {
  readonly [refused]: true;
  /** Which one it is, for counting and for bodies of one's own. */
  readonly kind: RefusalKind;
  readonly status: 400 | 401 | 403 | 429 | 503;
  readonly error: string;
  readonly error_description: string;
  /** `bare`: a challenge without an error code, for a request that carried no credentials (RFC 6750, section 3.1). */
  readonly challenge: 'bare' | 'full' | 'none';
  /** The scheme whose challenge carries the error. Default: the first. */
  readonly scheme?: 'dpop';
  /** Further parameters of the challenge: `max_age`, `acr_values`. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Every scope that the challenge names, where it is not what the requirement states. */
  readonly scopes?: readonly string[];
  /** Further headers of the answer. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

export type RefusalKind =
  | 'not_authenticated'
  | 'token_expired'
  | 'invalid_token'
  | 'invalid_proof'
  | 'nonce_required'
  | 'insufficient_scope'
  | 'access_denied'
  | 'insufficient_authentication'
  | 'invalid_request'
  | 'too_many_requests'
  | 'unavailable';

const refused = Symbol('refused');

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && refused in value;
}

/** RFC 6750, section 3.1: no credentials, so no error code; the body tells people what is amiss. */
export function notAuthenticated(): Refusal {
  return refusal('not_authenticated', 401, 'unauthorized', 'Not authenticated', { challenge: 'bare' });
}

export function tokenExpired(cause?: unknown): Refusal {
  return refusal('token_expired', 401, 'invalid_token', 'Token expired', { cause });
}

/** One answer for every other bad token: what exactly is wrong helps only who forges one. */
export function invalidToken(cause?: unknown): Refusal {
  return refusal('invalid_token', 401, 'invalid_token', 'Invalid token', { cause });
}

/** RFC 9449, section 7.1: the token may be good, but the caller has not shown that it is theirs. */
export function invalidProof(cause?: unknown): Refusal {
  return refusal('invalid_proof', 401, 'invalid_dpop_proof', 'Invalid DPoP proof', { cause, scheme: 'dpop' });
}

/** RFC 9449, section 9: the caller makes the proof again, with this nonce in it. */
export function nonceRequired(nonce: string, cause?: unknown): Refusal {
  return refusal('nonce_required', 401, 'use_dpop_nonce', 'A nonce is required in the DPoP proof', {
    cause,
    scheme: 'dpop',
    headers: { 'DPoP-Nonce': nonce },
  });
}

/**
 * RFC 6750, section 3.1. The description names the first missing scope.
 *
 * @param scopes every scope that the request needs, for the challenge
 */
export function insufficientScope(firstMissing: string, scopes?: readonly string[]): Refusal {
  const description = `Missing required scope: ${firstMissing}`;
  return refusal('insufficient_scope', 403, 'insufficient_scope', description, { ...(scopes && { scopes }) });
}

/** The token is good, but nothing that its subject could do would make the request allowed. */
export function accessDenied(description: string, cause?: unknown): Refusal {
  return refusal('access_denied', 403, 'access_denied', description, { cause });
}

/** RFC 9470, section 3. */
export function insufficientAuthentication(parameters: Readonly<Record<string, string>>): Refusal {
  const description = 'A more recent or stronger sign-in is required';
  return refusal('insufficient_authentication', 401, 'insufficient_user_authentication', description, { parameters });
}

/** RFC 6750, section 3.1: the request itself is malformed, before any token is looked at. */
export function invalidRequest(description: string): Refusal {
  return refusal('invalid_request', 400, 'invalid_request', description);
}

/** RFC 6585, section 4: this caller has asked too often; others have not. */
export function tooManyRequests(retryAfterSeconds: number, headers: Readonly<Record<string, string>> = {}): Refusal {
  return refusal('too_many_requests', 429, 'too_many_requests', 'Too many requests', {
    challenge: 'none',
    headers: { 'Retry-After': String(Math.max(1, Math.ceil(retryAfterSeconds))), ...headers },
  });
}

/** Nothing can be said about the token: no keys yet or not for too long, or a store that is away. */
export function verificationUnavailable(retryAfterSeconds: number, cause?: unknown): Refusal {
  return refusal('unavailable', 503, 'temporarily_unavailable', 'Tokens cannot be verified at the moment', {
    challenge: 'none',
    headers: { 'Retry-After': String(retryAfterSeconds) },
    cause,
  });
}

type Rest = Partial<Pick<Refusal, 'challenge' | 'scheme' | 'parameters' | 'scopes' | 'headers' | 'cause'>>;

function refusal(
  kind: RefusalKind,
  status: Refusal['status'],
  error: string,
  error_description: string,
  rest: Rest = {},
): Refusal {
  return { [refused]: true, kind, status, error, error_description, challenge: 'full', parameters: {}, ...rest };
}
