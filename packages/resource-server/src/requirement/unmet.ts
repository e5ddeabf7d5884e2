import { accessDenied, insufficientAuthentication, insufficientScope, type Refusal } from '../refusal/refusals.ts';
import type { Principal } from '../verification/principal.ts';
import { type AuthenticationRequirement, claimFits } from './guard.ts';
import type { Requirement } from './requirement.ts';
import { isAnyOf, isScopesFor, type ScopeNeed } from './scope-needs.ts';

/**
 * The first thing that a verified principal lacks, in this order:
 *
 * 1. a person: 403 `access_denied`
 * 2. scopes, the outermost first: 403 `insufficient_scope`
 * 3. claims and rules of one's own: 403 `access_denied`
 * 4. a recent or strong sign-in: 401 `insufficient_user_authentication`
 *
 * Step-up comes last: nobody is sent to sign in again for what a new sign-in would not allow.
 *
 * @param requirement resolved: without scopes that depend on the request
 * @param nowSeconds seconds since the epoch
 */
export function firstUnmet(principal: Principal, requirement: Requirement, nowSeconds: number): Refusal | undefined {
  const { person, needs, authentication } = requirement;
  if (person && !principal.isPerson) return accessDenied('This needs a token that a person has granted');

  for (const need of needs) {
    const missing = missingOf(need, principal.scopes);
    if (missing !== undefined) return insufficientScope(missing, neededBy(principal, needs));
  }

  const denied = deniedBy(principal, requirement);
  if (denied) return denied;

  const stepUp = authentication.find((needed) => !isAuthenticated(principal, needed, nowSeconds));
  return stepUp && insufficientAuthentication(challengeParameters(stepUp));
}

function deniedBy(principal: Principal, { claims, rules }: Requirement): Refusal | undefined {
  try {
    const fits = claims.every(([claim, rule]) => claimFits(principal.claims[claim], rule));
    return fits && rules.every((rule) => rule(principal)) ? undefined : accessDenied('Not enough permissions');
  } catch (error) {
    // NOTE: a rule that meets a claim of another shape than it expects does not let anybody in.
    return accessDenied('Not enough permissions', error);
  }
}

/** In words, for people: `read`, or `admin or read and audit`. */
function missingOf(need: ScopeNeed, held: readonly string[]): string | undefined {
  if (typeof need === 'string') return held.includes(need) ? undefined : need;
  if (isScopesFor(need)) throw new Error('what depends on the request must be resolved before it is checked');
  if (need.anyOf.some((set) => set.every((scope) => held.includes(scope)))) return undefined;
  return need.anyOf.map((set) => set.join(' and ')).join(' or ');
}

/** Of each choice the alternative that the caller has already, else the first. */
function neededBy({ scopes }: Principal, needs: readonly ScopeNeed[]): readonly string[] {
  const needed = needs.flatMap((need) => {
    if (!isAnyOf(need)) return typeof need === 'string' ? [need] : [];
    return need.anyOf.find((set) => set.every((scope) => scopes.includes(scope))) ?? need.anyOf[0] ?? [];
  });
  return [...new Set(needed)];
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
