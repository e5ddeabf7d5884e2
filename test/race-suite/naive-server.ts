import { generateKeyPairSync } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientIdentity } from '@latchkey/race-suite';
import { listen } from '@latchkey/service';
import Provider, { type Adapter, type AdapterPayload } from 'oidc-provider';

/** What the storage behind the engine takes for each call, milliseconds. */
const latency = 2;

const client = { id: 'naive', secret: 'a secret of the naive client', method: 'client_secret_basic' } as const;
const redirectUri = 'https://app.example/callback';

export interface NaiveServer extends AsyncDisposable {
  readonly issuer: string;
  readonly client: ClientIdentity;
  readonly redirectUri: string;
  /** The Cookie header of somebody who is signed in and says yes to everything. */
  readonly cookie: string;
}

/**
 * The engine as it comes, over storage as one would write it at first: every call waits for a network, and spending
 * is a note on the row, whatever is there already. The negative control: a suite that finds nothing here finds nothing.
 */
export async function startNaiveServer(): Promise<NaiveServer> {
  let provider: Provider | undefined;
  const listener = await listen({
    handler: (request, response) => provider?.callback()(request, response),
    host: 'localhost',
    port: 0,
  });
  const issuer = `http://localhost:${listener.port}`;
  provider = new Provider(issuer, {
    adapter: createNaiveAdapters(),
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code', 'refresh_token'],
      },
    ],
    findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    issueRefreshToken: () => true,
    rotateRefreshToken: true,
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    jwks: { keys: [generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })] },
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    cookies: { keys: [] },
    ttl: { Session: 600, Grant: 600, AccessToken: 300, AuthorizationCode: 60, RefreshToken: 600, IdToken: 300 },
    async loadExistingGrant({ oidc }) {
      const { Grant } = oidc.provider;
      const known = await Grant.find(oidc.session?.grantIdFor(client.id) ?? 'none');
      if (known) return known;
      const grant = new Grant({ clientId: client.id, accountId: 'alice' });
      grant.addOIDCScope('openid');
      await grant.save();
      return grant;
    },
  });
  const session = new provider.Session();
  session.loginAccount({ accountId: 'alice' });
  await session.save(600);
  return {
    issuer,
    client,
    redirectUri,
    cookie: `${provider.cookieName('session')}=${session.jti}`,
    [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose](),
  };
}

function createNaiveAdapters(): (model: string) => Adapter {
  const rows = new Map<string, AdapterPayload>();
  return (model) => {
    const place = (id: string) => `${model}:${id}`;
    const read = async (key: string) => {
      await sleep(latency);
      const row = rows.get(key);
      return row && { ...row };
    };
    const find = async (wanted: (payload: AdapterPayload) => boolean) => {
      await sleep(latency);
      return [...rows.values()].find(wanted);
    };
    return {
      find: (id) => read(place(id)),
      findByUid: (uid) => find((payload) => payload.uid === uid),
      findByUserCode: (userCode) => find((payload) => payload.userCode === userCode),
      async upsert(id, payload) {
        await sleep(latency);
        rows.set(place(id), payload);
      },
      async consume(id) {
        const row = await read(place(id));
        if (row) rows.set(place(id), { ...row, consumed: Math.floor(Date.now() / 1000) });
      },
      async destroy(id) {
        await sleep(latency);
        rows.delete(place(id));
      },
      async revokeByGrantId(grantId) {
        await sleep(latency);
        for (const [key, payload] of rows) {
          if (key.startsWith(`${model}:`) && payload.grantId === grantId) rows.delete(key);
        }
      },
    };
  };
}
