import type { Transaction } from 'kysely';
import type { ClientMetadata } from 'oidc-provider';
import { type Consents, type Decisions, openidResource } from '../consents/consents.ts';
import type { Tables } from '../tables.ts';

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

/** Whether a person's answer to a client stands; our own is not answered, and needs no answer. */
export async function answerStands(
  consents: Consents,
  { accountId, clientId }: { readonly accountId: string; readonly clientId: string },
  transaction: Transaction<Tables>,
): Promise<boolean> {
  return clientId === ownClientId || consents.stand(accountId, clientId, transaction);
}

/** What a person decided about a client; about our own there is nothing to decide. */
export function decisionsAbout(consents: Consents, accountId: string, clientId: string): Promise<Decisions> {
  return clientId === ownClientId ? Promise.resolve(allowed) : consents.decisions(accountId, clientId);
}
