import { openidScopes, todosScopes } from '@latchkey/scope-catalogue';
import type { Session } from '../session/sessions.ts';

/** Who it is: asked for every time, so that the app can greet the person. */
export const identityScopes: readonly string[] = ['openid', 'profile', 'email'];
export const defaultScopes: readonly string[] = [...identityScopes, 'read:todos', 'write:todos'];

const known = [...openidScopes.keys(), ...todosScopes.keys()] as readonly string[];

/**
 * What to ask for, from the `scope` parameter: once with spaces, or once per checkbox. Unknown names are left out, and
 * `openid` is always there: without it there would be no ID token, so no sign-in.
 */
export function requestedScopes(parameter: string | readonly string[] | undefined): string[] {
  if (parameter === undefined) return [...defaultScopes];
  const names = new Set([parameter].flat().flatMap((value) => value.split(' ')));
  names.add('openid');
  return known.filter((name) => names.has(name));
}

/**
 * All that is granted and this: the new tokens take the place of the old ones, so they must not hold less than before. What
 * of themselves the person shares already is not asked for anew, which would be a second question in one.
 */
export function widenedScopes(
  { person: { name, email }, tokens: { granted } }: Pick<Session, 'person' | 'tokens'>,
  wanted: readonly string[],
): string[] {
  const shared = ['openid', ...(name === undefined ? [] : ['profile']), ...(email === undefined ? [] : ['email'])];
  return requestedScopes([...shared, ...granted, ...wanted]);
}
