import { todosScopes } from '@latchkey/scope-catalogue';
import { defaultScopes, identityScopes } from '../sign-in/scope-request.ts';

/** What the start page shows to whoever is not signed in, apart from the frame. */
export function welcomePage(typed: string) {
  return {
    title: 'Your todos, behind a sign-in',
    scopes: [...todosScopes.values()].map((scope) => ({ ...scope, chosen: defaultScopes.includes(scope.name) })),
    identity: identityScopes.join(' '),
    returnTo: typed === '' ? '/' : `/?${new URLSearchParams({ title: typed })}`,
  };
}
