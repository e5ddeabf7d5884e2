import { openidScopes, todosScopes } from '@latchkey/scope-catalogue';

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
