import type { RequestView } from '../request/request-view.ts';

/** What one entry of `scopes` may be: a scope, or a choice, or what is known only when the request is there. */
export type ScopeNeed<Scope extends string = string> = Scope | AnyOf<Scope> | ScopesFor<Scope>;

export interface AnyOf<Scope extends string = string> {
  readonly anyOf: readonly (readonly Scope[])[];
}

export interface ScopesFor<Scope extends string = string> {
  /** All that it may ask for, in some request. */
  readonly among: readonly Scope[];
  readonly of: (request: RequestView) => readonly Scope[];
}

/**
 * One of these is enough; a list among them is needed as a whole. The one that a client should ask for comes first: it
 * is what challenges name.
 *
 *     { scopes: ['profile', anyOf('admin', ['read', 'audit'])] }
 *
 * @throws {TypeError} without alternatives, or with an empty one, which everybody would meet
 */
export function anyOf<const Scope extends string>(
  ...alternatives: readonly (Scope | readonly Scope[])[]
): AnyOf<Scope> {
  const sets = alternatives.map((each): readonly Scope[] => (typeof each === 'string' ? [each] : each));
  if (sets.length === 0 || sets.some((set) => set.length === 0))
    throw new TypeError('anyOf needs scopes to choose from');
  return { anyOf: sets };
}

/**
 * Scopes that depend on the request: which are needed is known when it is there, which may be needed is in the document.
 *
 *     { scopes: [scopesFor(['admin'], ({ query }) => (query.has('everyone') ? ['admin'] : []))] }
 *
 * @param among every scope that `of` may give
 * @param of where it throws, nobody passes: 403
 */
export function scopesFor<const Scope extends string>(
  among: readonly Scope[],
  of: (request: RequestView) => readonly NoInfer<Scope>[],
): ScopesFor<Scope> {
  return { among, of };
}

export function isAnyOf(need: ScopeNeed): need is AnyOf {
  return typeof need === 'object' && 'anyOf' in need;
}

export function isScopesFor(need: ScopeNeed): need is ScopesFor {
  return typeof need === 'object' && 'of' in need;
}

/** Every scope that a need names. */
export function scopesIn(need: ScopeNeed): readonly string[] {
  if (typeof need === 'string') return [need];
  return isAnyOf(need) ? need.anyOf.flat() : need.among;
}
