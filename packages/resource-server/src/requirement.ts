import type { Principal } from './principal.ts';
import { accessDenied, insufficientAuthentication, insufficientScope, type Refusal } from './refusals.ts';

/** RFC 9470: how, and how recently, the person must have signed in. */
export interface AuthenticationRequirement {
  /** At most this many seconds ago (`auth_time`). */
  readonly maxAge?: number;
  /** One of these classes (`acr`), the preferred first. */
  readonly acr?: readonly string[];
}

/** What one level (a router, a route) asks of the caller. */
export interface Guard<Scope extends string = string> {
  /** All of them (AND). */
  readonly scopes?: readonly Scope[];
  /** `person`: tokens that a client got for itself are refused. */
  readonly subject?: 'person';
  readonly requireAuthentication?: AuthenticationRequirement;
}

/**
 * `required`: no token, no answer. `optional`: without credentials the caller is anonymous, a bad token is refused all
 * the same. `none`: credentials are not looked at.
 */
export type AuthenticationMode = 'required' | 'optional' | 'none';

/** What all levels together ask of the caller. */
export interface Requirement {
  readonly mode: AuthenticationMode;
  /** Unique, those of the outermost level first. */
  readonly scopes: readonly string[];
  readonly person: boolean;
  readonly authentication: readonly AuthenticationRequirement[];
}

/** Adds up guards, the outermost first. */
export function requirementOf(guards: readonly Guard[], mode: AuthenticationMode = 'required'): Requirement {
  return {
    mode,
    scopes: [...new Set(guards.flatMap(({ scopes = [] }) => scopes))],
    person: guards.some(({ subject }) => subject === 'person'),
    authentication: guards.flatMap(({ requireAuthentication }) => requireAuthentication ?? []),
  };
}

/**
 * The first thing that a verified principal lacks. A caller without a person comes first and step-up last: nobody is
 * sent to sign in again for what a new sign-in would not allow.
 *
 * @param nowSeconds seconds since the epoch
 */
export function firstUnmet(principal: Principal, requirement: Requirement, nowSeconds: number): Refusal | undefined {
  if (requirement.person && !principal.isPerson) return accessDenied('This needs a token that a person has granted');
  const missing = requirement.scopes.find((scope) => !principal.scopes.includes(scope));
  if (missing !== undefined) return insufficientScope(missing);
  const stepUp = requirement.authentication.find((needed) => !isAuthenticated(principal, needed, nowSeconds));
  return stepUp && insufficientAuthentication(challengeParameters(stepUp));
}

function isAuthenticated(
  { claims }: Principal,
  { maxAge, acr }: AuthenticationRequirement,
  nowSeconds: number,
): boolean {
  const recent = maxAge === undefined || (claims.auth_time !== undefined && nowSeconds - claims.auth_time <= maxAge);
  const strong = acr === undefined || (claims.acr !== undefined && acr.includes(claims.acr));
  return recent && strong;
}

function challengeParameters({ maxAge, acr }: AuthenticationRequirement): Record<string, string> {
  return {
    ...(maxAge !== undefined && { max_age: String(maxAge) }),
    ...(acr !== undefined && { acr_values: acr.join(' ') }),
  };
}
