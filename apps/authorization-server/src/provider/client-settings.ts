import type { Client } from 'oidc-provider';
import { words } from '../clients/registration-rules.ts';

/** What the house keeps of a client beyond what the engine knows. */
export interface ClientSettings {
  readonly allowedScopes: ReadonlySet<string>;
  /** Scopes that a person cannot leave out when allowing the client. */
  readonly requiredScopes: ReadonlySet<string>;
  readonly pkceOptional: boolean;
  /** Seconds. */
  readonly accessTokenTtl: number;
}

const defaultAccessTokenTtl = 300;

/** Members that the engine stores for us beside its own. */
export const clientMembers = ['allowed_scopes', 'required_scopes', 'pkce', 'access_token_ttl'];

export function clientSettings(client: Client): ClientSettings {
  const { allowed_scopes, required_scopes, pkce, access_token_ttl: ttl } = client as unknown as Record<string, unknown>;
  return {
    allowedScopes: new Set(words(allowed_scopes)),
    requiredScopes: new Set(['openid', ...words(required_scopes)]),
    pkceOptional: pkce === 'optional' && client.tokenEndpointAuthMethod !== 'none',
    accessTokenTtl: typeof ttl === 'number' ? ttl : defaultAccessTokenTtl,
  };
}
