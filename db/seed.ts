/**
 * The demo people and the demo clients of `npm start`, brought up to date at each start: their addresses follow the
 * ports. Everything here is public, so none of it may exist in production.
 */
import type { Accounts } from '../apps/authorization-server/src/accounts/accounts.ts';
import type { Clients } from '../apps/authorization-server/src/clients/clients.ts';

export interface DemoAddresses {
  readonly clientUrl: string;
  readonly clientSecret: string | undefined;
  readonly todosApiUrl: string;
}

const people = [
  { username: 'alice', name: 'Alice Archer', grantableScopes: ['read:todos', 'write:todos'] },
  { username: 'bob', name: 'Bob Baker', grantableScopes: ['read:todos'] },
  { username: 'admin', name: 'Ada Admin', grantableScopes: ['read:todos', 'write:todos', 'admin'] },
];

/**
 * What of the demo is left in a database that is meant for the world: a person whose password everybody knows.
 *
 * @returns usernames
 */
export async function demoLeftovers(accounts: Accounts): Promise<string[]> {
  const known = await Promise.all(
    people.map(({ username }) => accounts.authenticate(username, `${username}-password`)),
  );
  return known.flatMap((account) => account?.username ?? []);
}

export async function seedDemo(
  { accounts, clients }: { accounts: Accounts; clients: Clients },
  { clientUrl, clientSecret, todosApiUrl }: DemoAddresses,
): Promise<void> {
  for (const { username, name, grantableScopes } of people) {
    if (await accounts.findByUsername(username)) continue;
    await accounts.add({
      username,
      name,
      email: `${username}@example.com`,
      password: `${username}-password`,
      grantableScopes,
    });
  }

  if (clientSecret !== undefined) {
    await clients.add(
      {
        client_name: 'Latchkey Todos',
        client_uri: `${clientUrl}/`,
        client_secret: clientSecret,
        redirect_uris: await kept(clients, 'redirect_uris', `${clientUrl}/auth/callback`),
        post_logout_redirect_uris: await kept(clients, 'post_logout_redirect_uris', `${clientUrl}/auth/signed-out`),
        backchannel_logout_uri: `${clientUrl}/auth/backchannel-logout`,
        backchannel_logout_session_required: true,
        grant_types: ['authorization_code', 'refresh_token'],
        scope: 'openid profile email offline_access read:todos write:todos admin',
      },
      'demo-client',
    );
  }

  await clients.add(
    {
      client_name: 'Todos API documentation',
      client_uri: `${todosApiUrl}/docs`,
      redirect_uris: [`${todosApiUrl}/docs/oauth2-redirect`],
      grant_types: ['authorization_code'],
      token_endpoint_auth_method: 'none',
      scope: 'openid read:todos write:todos admin',
    },
    'todos-docs',
  );
}

/** A copy on other ports that shares the data folder must not take the addresses of the first away. */
async function kept(clients: Clients, member: string, uri: string): Promise<string[]> {
  const before = (await clients.find('demo-client'))?.metadata[member];
  const uris = Array.isArray(before) ? before.map(String) : [];
  return [uri, ...uris.filter((each) => each !== uri)].slice(0, 5);
}
