import type { Client } from 'oidc-provider';

/** What people are told about a client. */
export interface ClientProfile {
  readonly name: string;
  readonly uri: string | undefined;
  readonly policyUri: string | undefined;
  readonly tosUri: string | undefined;
}

export function clientProfile(client: Client): ClientProfile {
  return {
    name: client.clientName ?? hostOf(client.redirectUris?.[0]) ?? 'An app without a name',
    uri: client.clientUri,
    policyUri: client.policyUri,
    tosUri: client.tosUri,
  };
}

function hostOf(uri: string | undefined): string | undefined {
  return uri === undefined ? undefined : URL.parse(uri)?.host || undefined;
}
