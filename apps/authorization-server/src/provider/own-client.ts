import type { ClientMetadata } from 'oidc-provider';
import { type Consents, type Decisions, openidResource } from '../consents/consents.ts';

/**
 * The server's own pages sign people in as any client does, by an authorization request. This client is built in: it
 * needs no consent, for it only ever learns that somebody is signed in, and what it learns stays here.
 */
export const ownClientId = 'latchkey-account';

export function ownClient(issuer: string): ClientMetadata {
  return {
    client_id: ownClientId,
    client_name: 'Your account',
    redirect_uris: [`${issuer}/account`],
    grant_types: ['authorization_code'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
    scope: 'openid',
  };
}

const allowed: Decisions = {
  answered: true,
  granted: (resource) => new Set(resource === openidResource ? ['openid'] : []),
  declined: () => new Set(),
};

/** What a person decided about a client; about our own there is nothing to decide. */
export function decisionsAbout(consents: Consents, accountId: string, clientId: string): Promise<Decisions> {
  return clientId === ownClientId ? Promise.resolve(allowed) : consents.decisions(accountId, clientId);
}
