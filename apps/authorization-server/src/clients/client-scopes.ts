import { openidScopes, type Scope, todosScopes } from '@latchkey/scope-catalogue';
import { type Registration, words } from './registration-rules.ts';

/*
 * A registration names all its scopes in one `scope` member (RFC 7591, section 2). The engine wants OpenID Connect's
 * own apart from an API's, which it asks of the resource server: `scope` here, `allowed_scopes` there.
 */

/**
 * What the engine is told of a client without any of OpenID Connect's scopes: to it, an empty list is no limit at all.
 * Nothing is granted for it, and no answer shows it.
 */
export const noOpenidScope = 'urn:latchkey:scope:none';

/** Splits the wire's `scope` in two. What is not named is given in full, except for privileged scopes. */
export function splitScope(registration: Registration): Registration {
  const named = registration.scope === undefined || registration.scope === null ? undefined : words(registration.scope);
  return {
    ...registration,
    scope: chosen(openidScopes, named).join(' ') || noOpenidScope,
    allowed_scopes: chosen(todosScopes, named).join(' '),
  };
}

/** Puts the two together again for answers. */
export function joinScope(metadata: Registration): Registration {
  const { allowed_scopes, ...rest } = metadata;
  const openid = words(metadata.scope).filter((scope) => scope !== noOpenidScope);
  return { ...rest, scope: [...openid, ...words(allowed_scopes)].join(' ') };
}

function chosen(catalogue: ReadonlyMap<string, Scope>, named: readonly string[] | undefined): string[] {
  return [...catalogue.values()]
    .filter(({ name, privileged }) => (named ? named.includes(name) : privileged !== true))
    .map(({ name }) => name);
}
