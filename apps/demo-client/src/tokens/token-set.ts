import { todosScopes } from '@latchkey/scope-catalogue';
import type { TokenEndpointResponse } from 'openid-client';
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
 */
export function readTokenSet(
  response: TokenEndpointResponse,
  before: {
    readonly granted: readonly string[];
    readonly refreshToken?: string | undefined;
  },
  receivedAt: number,
): TokenSet {
  return {
    accessToken: response.access_token,
    refreshToken: response.refresh_token ?? before.refreshToken,
    receivedAt,
    expiresIn: response.expires_in,
    granted: response.scope === undefined ? before.granted : apiScopes(response.scope),
  };
}
