import { todosScopes } from '@latchkey/scope-catalogue';
import type { TokenEndpointResponse } from 'openid-client';
import type { DpopKey } from '../issuer/dpop-keys.ts';
import type { TokenSet } from '../session/sessions.ts';

/** The names in a scope string that the todos API knows. */
export function apiScopes(scope: string): string[] {
  const names = new Set(scope.split(' '));
  return [...todosScopes.keys()].filter((name) => names.has(name));
}

/**
 * Reads a token answer.
 *
 * @param before what holds when the answer leaves something out: RFC 6749, section 5.1 (the scope is the one asked for)
 * and section 6 (the refresh token stays the same)
 * @throws {Error} when the token should be bound to a key and is not
 */
export function readTokenSet(
  response: TokenEndpointResponse,
  before: {
    readonly granted: readonly string[];
    readonly refreshToken?: string | undefined;
    /** The key that was proved to be ours in the request. */
    readonly dpopKey?: DpopKey | undefined;
  },
  receivedAt: number,
): TokenSet {
  // RFC 9449, section 5: a server that leaves the key aside hands out tokens that anybody may use.
  if (before.dpopKey && response.token_type.toLowerCase() !== 'dpop')
    throw new Error('the access token is not bound to our key');
  return {
    accessToken: response.access_token,
    refreshToken: response.refresh_token ?? before.refreshToken,
    receivedAt,
    expiresIn: response.expires_in,
    granted: response.scope === undefined ? before.granted : apiScopes(response.scope),
  };
}
