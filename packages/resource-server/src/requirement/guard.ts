import type { Principal } from '../verification/principal.ts';
import type { ScopeNeed } from './scope-needs.ts';

/** RFC 9470: how, and how recently, the person must have signed in. */
export interface AuthenticationRequirement {
  /** At most this many seconds ago (`auth_time`). */
  readonly maxAge?: number;
  /** One of these classes (`acr`), the preferred first. */
  readonly acr?: readonly string[];
}

/** A value that the claim must have, or several of which it must have one, or a rule. A claim that is a list has each of its members. */
export type ClaimRule =
  | string
  | number
  | boolean
  | readonly (string | number | boolean)[]
  | ((claim: unknown) => boolean);

/** What one level (an app, a router, a route) asks of the caller. */
export interface Guard<Scope extends string = string> {
  /** All of them (AND); an entry may be `anyOf(…)` or `scopesFor(…)`. */
  readonly scopes?: readonly ScopeNeed<Scope>[];
  /** `person`: tokens that a client got for itself are refused. */
  readonly subject?: 'person';
  /** Claims by name: `{ role: ['clerk', 'manager'] }`. Roles are not scopes: the person has them, not the app. */
  readonly claims?: Readonly<Record<string, ClaimRule>>;
  /** A rule of one's own about who is calling. */
  readonly allow?: (principal: Principal) => boolean;
  readonly requireAuthentication?: AuthenticationRequirement;
}

/**
 * `required`: no token, no answer. `optional`: without credentials the caller is anonymous, a bad token is refused all
 * the same. `none`: credentials are not looked at.
 */
export type AuthenticationMode = 'required' | 'optional' | 'none';

export function claimFits(claim: unknown, rule: ClaimRule): boolean {
  if (typeof rule === 'function') return rule(claim);
  const wanted: readonly unknown[] = Array.isArray(rule) ? rule : [rule];
  const held: readonly unknown[] = Array.isArray(claim) ? claim : [claim];
  return held.some((value) => wanted.includes(value));
}
