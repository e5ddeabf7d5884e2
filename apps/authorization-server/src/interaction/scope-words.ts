import { openidScopes, type Scope, todosScopes } from '@latchkey/scope-catalogue';

/** The catalogue's words for a scope. */
export function scopeWords(name: string): Scope {
  const scope = openidScopes.get(name as never) ?? todosScopes.get(name as never);
  if (!scope) throw new TypeError(`scope ${name} is not in the catalogue`);
  return scope;
}
