/** RFC 9068, section 2.2. The named claims have the stated type in every principal; the others are as the issuer sent them. */
export interface AccessTokenClaims {
  readonly iss: string;
  readonly aud: string | readonly string[];
  readonly sub: string;
  readonly client_id: string;
  readonly jti: string;
  /** Seconds since the epoch, as `iat` and `auth_time`. */
  readonly exp: number;
  readonly iat: number;
  readonly scope?: string;
  readonly auth_time?: number;
  readonly acr?: string;
  readonly [claim: string]: unknown;
}

/** Who is calling, and through which client, on behalf of whom. */
export interface Principal {
  readonly subject: string;
  readonly clientId: string;
  /** False for a token that a client got for itself (client credentials: RFC 9068, section 2.2, `sub` is the client). */
  readonly isPerson: boolean;
  readonly scopes: readonly string[];
  readonly claims: AccessTokenClaims;
  /** The access token as it came, for calls made on the subject's behalf. Never log it. */
  readonly token: string;
}

/** The principal of a verified token, or the name of the claim whose shape is wrong. */
export function toPrincipal(
  payload: Readonly<Record<string, unknown>>,
  token: string,
): Principal | { readonly malformed: string } {
  const malformed = firstMalformed(payload);
  if (malformed !== undefined) return { malformed };
  const claims = payload as AccessTokenClaims;
  return {
    subject: claims.sub,
    clientId: claims.client_id,
    isPerson: claims.sub !== claims.client_id,
    scopes: [...new Set((claims.scope ?? '').split(' ').filter((scope) => scope !== ''))],
    claims,
    token,
  };
}

type Check = (value: unknown) => boolean;

const filled: Check = (value) => typeof value === 'string' && value !== '';
const numericDate: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const optionally =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

/** `iss`, `aud` and the presence of the required ones are checked with the signature. */
const shapes: Readonly<Record<string, Check>> = {
  sub: filled,
  client_id: filled,
  jti: filled,
  exp: numericDate,
  iat: numericDate,
  auth_time: optionally(numericDate),
  acr: optionally(filled),
  scope: optionally((value) => typeof value === 'string'),
};

function firstMalformed(payload: Readonly<Record<string, unknown>>): string | undefined {
  return Object.entries(shapes).find(([claim, check]) => !check(payload[claim]))?.[0];
}
