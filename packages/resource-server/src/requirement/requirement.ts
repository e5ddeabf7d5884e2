import type { RequestView } from '../request/request-view.ts';
import type { Principal } from '../verification/principal.ts';
import type { AuthenticationMode, AuthenticationRequirement, ClaimRule, Guard } from './guard.ts';
import { isAnyOf, isScopesFor, type ScopeNeed, scopesIn } from './scope-needs.ts';

/** What all levels together ask of the caller. */
export interface Requirement {
  readonly mode: AuthenticationMode;
  /** As declared, without repetition, those of the outermost level first. */
  readonly needs: readonly ScopeNeed[];
  /**
   * The scopes to ask for, unique, those of the outermost level first. Of a choice it is the first alternative; what
   * depends on the request is in it once the request is there.
   */
  readonly scopes: readonly string[];
  readonly person: boolean;
  readonly claims: readonly (readonly [claim: string, rule: ClaimRule])[];
  readonly rules: readonly ((principal: Principal) => boolean)[];
  readonly authentication: readonly AuthenticationRequirement[];
}

/** Adds up guards, the outermost first. */
export function requirementOf(guards: readonly Guard[], mode: AuthenticationMode = 'required'): Requirement {
  const needs = [...new Set(guards.flatMap(({ scopes = [] }) => scopes))];
  return {
    mode,
    needs,
    scopes: scopesToAskFor(needs),
    person: guards.some(({ subject }) => subject === 'person'),
    claims: guards.flatMap(({ claims = {} }) => Object.entries(claims)),
    rules: guards.flatMap(({ allow }) => allow ?? []),
    authentication: guards.flatMap(({ requireAuthentication }) => requireAuthentication ?? []),
  };
}

/** What an outer guard and one below it ask together; the inner one says whether credentials may be absent. */
export function under(outer: Requirement, inner: Requirement): Requirement {
  const needs = [...new Set([...outer.needs, ...inner.needs])];
  return {
    mode: outer.mode === 'required' ? 'required' : inner.mode,
    needs,
    scopes: scopesToAskFor(needs),
    person: outer.person || inner.person,
    claims: [...outer.claims, ...inner.claims],
    rules: [...outer.rules, ...inner.rules],
    authentication: [...outer.authentication, ...inner.authentication],
  };
}

/** The requirement of this request: what depends on it has become plain scopes. */
export function resolved(requirement: Requirement, view: () => RequestView): Requirement {
  if (!requirement.needs.some(isScopesFor)) return requirement;
  const request = view();
  const all = requirement.needs.flatMap((need): readonly ScopeNeed[] =>
    isScopesFor(need) ? need.of(request) : [need],
  );
  const needs = [...new Set(all)];
  return { ...requirement, needs, scopes: scopesToAskFor(needs) };
}

/** Whether it asks for anything beyond a good token. */
export function asksForMore({ needs, person, claims, rules, authentication }: Requirement): boolean {
  return person || [needs, claims, rules, authentication].some((list) => list.length > 0);
}

function scopesToAskFor(needs: readonly ScopeNeed[]): readonly string[] {
  const asked = needs.flatMap((need) => {
    if (isScopesFor(need)) return [];
    return isAnyOf(need) ? (need.anyOf[0] ?? []) : [need];
  });
  return [...new Set(asked)];
}

/** Every scope that is named, to be looked for in the catalogue. */
export function namedScopes({ needs }: Requirement): readonly string[] {
  return needs.flatMap(scopesIn);
}
