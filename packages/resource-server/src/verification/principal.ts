/** RFC 9068, section 2.2. The named claims have the stated type in every principal; the others are as the issuer sent them. */
export interface AccessTokenClaims {
  readonly iss: string;
  readonly aud: string | readonly string[];
  readonly sub: string;
  /** Seconds since the epoch, as `iat`, `nbf` and `auth_time`. */
  readonly exp: number;
  /** There in every RFC 9068 token, as `jti` and `client_id`; other issuers may leave them out. */
  readonly iat?: number;
  readonly jti?: string;
  readonly client_id?: string;
  readonly scope?: string;
  readonly auth_time?: number;
  readonly acr?: string;
  readonly [claim: string]: unknown;
}

/** Who is calling, and through which client, on behalf of whom. */
export interface Principal {
  readonly issuer: string;
  readonly subject: string;
  /** `client_id`, or the claim that the issuer has in its place. */
  readonly clientId: string;
  /** False for a token that a client got for itself (client credentials: RFC 9068, section 2.2, `sub` is the client). */
  readonly isPerson: boolean;
  readonly scopes: readonly string[];
  readonly claims: AccessTokenClaims;
  /** The access token as it came, for calls made on the subject's behalf. Never log it. */
  readonly token: string;
}

/** How the issuer writes what RFC 9068 has a claim for. */
export interface ClaimNames {
  /** The claim with the scopes. */
  readonly scope: string;
  /** Whether it may be a list too; RFC 9068 has a string with spaces between them. */
  readonly scopeList: boolean;
  /** The claim with the client. */
  readonly client: string;
  /** Whether a person has granted the token. By default it is one whose `sub` is not its client (RFC 9068, section 2.2). */
  readonly isPerson?: ((claims: AccessTokenClaims) => boolean) | undefined;
}

export const standardClaimNames: ClaimNames = { scope: 'scope', scopeList: false, client: 'client_id' };

/**
 * The principal of a verified token, or the name of the claim whose shape is wrong.
 */
export function toPrincipal(
  payload: Readonly<Record<string, unknown>>,
  token: string,
  names: ClaimNames = standardClaimNames,
): Principal | { readonly malformed: string } {
  const malformed = firstMalformed(payload) ?? (isFilled(payload[names.client]) ? undefined : names.client);
  if (malformed !== undefined) return { malformed };
  const scopes = scopesOf(payload[names.scope], names.scopeList);
  if (!scopes) return { malformed: names.scope };
  const claims = payload as AccessTokenClaims;
  const clientId = payload[names.client] as string;
  const isPerson = names.isPerson ? names.isPerson(claims) : claims.sub !== clientId;
  return frozen({ issuer: claims.iss, subject: claims.sub, clientId, isPerson, scopes, claims, token });
}

/** NOTE: one principal may answer many requests. What a handler writes into it would be true of all that come after. */
function frozen<Value extends object>(value: Value): Value {
  for (const member of Object.values(value)) if (typeof member === 'object' && member !== null) frozen(member);
  return Object.freeze(value);
}

type Check = (value: unknown) => boolean;

/** NOTE: databases refuse a zero, and half of a surrogate pair. */
const isFilled: Check = (value) =>
  typeof value === 'string' && value !== '' && !value.includes('\0') && value.isWellFormed();
const isNumericDate: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const optionally =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

/** `aud`, and the presence of those that must be there, are checked with the signature. */
const shapes: Readonly<Record<string, Check>> = {
  iss: isFilled,
  sub: isFilled,
  exp: isNumericDate,
  iat: optionally(isNumericDate),
  nbf: optionally(isNumericDate),
  auth_time: optionally(isNumericDate),
  jti: optionally(isFilled),
  acr: optionally(isFilled),
  client_id: optionally(isFilled),
};

function firstMalformed(payload: Readonly<Record<string, unknown>>): string | undefined {
  return Object.entries(shapes).find(([claim, check]) => !check(payload[claim]))?.[0];
}

/** NOTE: `''.split(' ')` is a list with one scope that is empty. */
function scopesOf(value: unknown, list: boolean): readonly string[] | undefined {
  if (value === undefined) return [];
  if (typeof value === 'string') return uniqueNames(value.split(' ').filter((scope) => scope !== ''));
  return list && isListOfText(value) ? uniqueNames(value) : undefined;
}

const mostNames = 1_000;
const names = new Map<string, string>();

/** NOTE: one string for each name, however many tokens carry it: that saves room, and time wherever two are compared. */
function uniqueNames(scopes: readonly string[]): readonly string[] {
  if (names.size > mostNames) names.clear();
  for (const scope of scopes) if (!names.has(scope)) names.set(scope, scope);
  return [...new Set(scopes.map((scope) => names.get(scope) ?? scope))];
}

function isListOfText(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}
