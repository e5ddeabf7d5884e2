/**
 * Every way in which a request can be refused, as a value. What goes over the wire is `error`, `error_description` and
 * `parameters`; `cause` is for the log only and never reaches the caller.
 */
export interface Refusal {
  readonly [refused]: true;
  readonly status: 400 | 401 | 403 | 503;
  readonly error: string;
  readonly error_description: string;
  /** `bare`: a challenge without an error code, for a request that carried no credentials (RFC 6750, section 3.1). */
  readonly challenge: 'bare' | 'full' | 'none';
  /** Further parameters of the challenge: `max_age`, `acr_values`. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

const refused = Symbol('refused');

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && refused in value;
}

/** RFC 6750, section 3.1: no credentials, so no error code; the body tells people what is amiss. */
export function notAuthenticated(): Refusal {
  return refusal(401, 'unauthorized', 'Not authenticated', { challenge: 'bare' });
}

export function tokenExpired(cause?: unknown): Refusal {
  return refusal(401, 'invalid_token', 'Token expired', { cause });
}

/** One answer for every other bad token: what exactly is wrong helps only who forges one. */
export function invalidToken(cause?: unknown): Refusal {
  return refusal(401, 'invalid_token', 'Invalid token', { cause });
}

/** RFC 6750, section 3.1. The challenge lists every scope that the route needs; the description names the first missing. */
export function insufficientScope(firstMissing: string): Refusal {
  return refusal(403, 'insufficient_scope', `Missing required scope: ${firstMissing}`);
}

/** The token is good, but nothing that its subject could do would make the request allowed. */
export function accessDenied(description: string): Refusal {
  return refusal(403, 'access_denied', description);
}

/** RFC 9470, section 3. */
export function insufficientAuthentication(parameters: Readonly<Record<string, string>>): Refusal {
  return refusal(401, 'insufficient_user_authentication', 'A more recent or stronger sign-in is required', {
    parameters,
  });
}

/** RFC 6750, section 3.1: the request itself is malformed, before any token is looked at. */
export function invalidRequest(description: string): Refusal {
  return refusal(400, 'invalid_request', description);
}

/** The authorization server's keys have never been seen, or not for too long: nothing can be said about the token. */
export function verificationUnavailable(retryAfterSeconds: number): Refusal {
  return refusal(503, 'temporarily_unavailable', 'Tokens cannot be verified at the moment', {
    challenge: 'none',
    retryAfterSeconds,
  });
}

function refusal(
  status: Refusal['status'],
  error: string,
  error_description: string,
  rest: Partial<Pick<Refusal, 'challenge' | 'parameters' | 'retryAfterSeconds' | 'cause'>> = {},
): Refusal {
  return { [refused]: true, status, error, error_description, challenge: 'full', parameters: {}, ...rest };
}
