import type { oas31 } from 'zod-openapi';
import type { Requirement } from '../requirement/requirement.ts';
import { isAnyOf, isScopesFor, type ScopeNeed } from '../requirement/scope-needs.ts';

/** The name of the security scheme in the document. */
export const schemeName = 'oauth2';

/**
 * The security requirements of an operation. What is needed together stands in one object; choices give several
 * objects, of which one is enough. An empty object: or no credentials at all.
 *
 * NOTE: scopes that depend on the request are not in it, since a reader could not tell when they are needed; they are
 * in the operation's description.
 */
export function securityOf({ mode, needs }: Requirement): oas31.SecurityRequirementObject[] {
  if (mode === 'none') return [];
  const alternatives = alternativesOf(needs).map((scopes) => ({ [schemeName]: [...scopes] }));
  return [...alternatives, ...(mode === 'optional' ? [{}] : [])];
}

/** Every set of scopes that is enough, each scope once, no set twice. */
function alternativesOf(needs: readonly ScopeNeed[]): readonly (readonly string[])[] {
  let sets: readonly (readonly string[])[] = [[]];
  for (const need of needs) {
    if (isScopesFor(need)) continue;
    const choices = isAnyOf(need) ? need.anyOf : [[need]];
    sets = sets.flatMap((set) => choices.map((choice) => [...new Set([...set, ...choice])]));
  }
  const known = new Set<string>();
  return sets.filter((set) => {
    const name = set.toSorted().join(' ');
    return !known.has(name) && known.add(name);
  });
}

/** Scopes that some requests need, for the description. */
export function dependingScopes({ needs }: Requirement): readonly string[] {
  return [...new Set(needs.filter(isScopesFor).flatMap(({ among }) => among))];
}
