/**
 * The scope catalogue: each scope once, with the words people read and who may grant it. The consent page, the
 * API's document and its protected resource metadata all read it here. Checking a scope belongs to the apps.
 */
export type { Scope, ScopeName } from './define-scopes.ts';
export { openidScopes } from './openid-scopes.ts';
export { todosScopes } from './todos-scopes.ts';
