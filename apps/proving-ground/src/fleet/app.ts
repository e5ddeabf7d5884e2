import {
  type ClientIdentity,
  type CodeSource,
  createBrowser,
  createCodeSource,
  createOAuthClient,
  createTraffic,
  type OAuthClient,
} from '@latchkey/race-suite/wire';
import type { Fleet } from './fleet.ts';

/** An app and the browser of somebody who has allowed it: codes as many as are wanted, and what can be done with them. */
export interface App {
  readonly client: OAuthClient;
  readonly codes: CodeSource;
}

export async function openApp(fleet: Fleet, identity: ClientIdentity, scope = 'openid read:todos'): Promise<App> {
  const traffic = createTraffic(10_000);
  const { metadata, redirectUri, person } = fleet;
  const browser = createBrowser({ traffic, redirectUri, origin: fleet.issuer });
  const needs = { traffic, metadata, redirectUri, resource: undefined };
  const forCodes = { ...needs, client: identity, browser, scope };
  const client = createOAuthClient(identity, { ...needs, tokenEndpoints: [metadata.token_endpoint] });
  await createCodeSource({ ...forCodes, person }).code();
  // NOTE: from now on without the password: a session that got lost would not go unnoticed.
  return { client, codes: createCodeSource({ ...forCodes, person: undefined }) };
}
