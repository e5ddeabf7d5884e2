import { expect, test, vi } from 'vitest';
import { startTables } from '../testing/temporary-tables.ts';
import { clientSecretMatches } from './client-secrets.ts';
import { createClients, RegistrationProblems } from './clients.ts';

const plants = { client_name: 'Plants', redirect_uris: ['https://plants.example/cb'] };

async function startClients() {
  const tables = await startTables();
  const badUris: [string, string][] = [];
  const clients = createClients(tables.database, (id, member) => badUris.push([id, member]));
  return Object.assign(tables, { clients, badUris });
}

test('the secret is in the answer this once, and only its hash is stored', async () => {
  await using room = await startClients();
  const added = await room.clients.add(plants);
  const id = String(added.client_id);
  const secret = String(added.client_secret);
  expect(added).toMatchObject({
    ...plants,
    token_endpoint_auth_method: 'client_secret_basic',
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    client_secret_expires_at: 0,
    scope: 'openid profile email offline_access read:todos write:todos',
  });

  const stored = await room.clients.stored(id);
  expect(clientSecretMatches(String(stored?.client_secret), secret)).toBe(true);
  expect((await room.clients.find(id))?.metadata).not.toHaveProperty('client_secret');
  const rows = await room.query.selectFrom('clients').selectAll().execute();
  expect(JSON.stringify(rows)).not.toContain(secret);
});

test.each(['nobody', '', '\0', 'nobody\0'])('no client has the id %j', async (id) => {
  await using room = await startClients();
  expect(await room.clients.stored(id)).toBeUndefined();
  expect(await room.clients.find(id)).toBeUndefined();
});

test.each(['none', 'private_key_jwt'])('a client that authenticates by %s has no secret', async (method) => {
  await using room = await startClients();
  const jwks_uri = 'https://plants.example/jwks';
  const added = await room.clients.add({ ...plants, token_endpoint_auth_method: method, jwks_uri });
  expect(added).not.toHaveProperty('client_secret');
  expect(await room.clients.stored(String(added.client_id))).not.toHaveProperty('client_secret');
});

test('a client without a code flow has no response types', async () => {
  await using room = await startClients();
  const added = await room.clients.add({ client_name: 'Robot', grant_types: ['client_credentials'] });
  expect(added).toMatchObject({ response_types: [], redirect_uris: [] });
});

test('the API scopes are kept apart for the engine, and shown with the others', async () => {
  await using room = await startClients();
  const { client_id } = await room.clients.add({ ...plants, scope: 'openid read:todos' });
  expect(await room.clients.stored(String(client_id))).toMatchObject({ scope: 'openid', allowed_scopes: 'read:todos' });
  expect((await room.clients.find(String(client_id)))?.metadata.scope).toBe('openid read:todos');
});

test('what is wrong is refused with every problem, and nothing is stored', async () => {
  await using room = await startClients();
  const refused = await room.clients.add({ redirect_uris: ['/cb'], scope: 'read:diary' }).catch((error) => error);
  expect(refused).toBeInstanceOf(RegistrationProblems);
  expect(refused.problems).toHaveLength(2);
  expect(await room.clients.list()).toEqual([]);
});

test('a client that is added again under its id is brought up to date', async () => {
  await using room = await startClients();
  const secret = 'a secret that the deployment has chosen';
  await room.clients.add({ ...plants, client_secret: secret }, 'plants');
  await room.clients.add({ ...plants, client_name: 'Plants and trees', client_secret: secret }, 'plants');
  expect(await room.clients.list()).toHaveLength(1);
  const stored = await room.clients.stored('plants');
  expect(stored?.client_name).toBe('Plants and trees');
  expect(clientSecretMatches(String(stored?.client_secret), secret)).toBe(true);
});

test('of several that add a new client under the same id at once, one does, and it stays as it is', async () => {
  await using room = await startClients();
  const names = ['Plants', 'Trees', 'Herbs', 'Ferns'];
  const added = await Promise.all(
    names.map((client_name) => room.clients.addNew({ ...plants, client_name }, 'plants')),
  );
  const winner = added.filter((each) => each !== undefined);
  expect(winner).toHaveLength(1);
  const stored = await room.clients.stored('plants');
  expect(stored?.client_name).toBe(winner[0]?.client_name);
  expect(clientSecretMatches(String(stored?.client_secret), String(winner[0]?.client_secret))).toBe(true);
});

test('who registered a client is remembered, also when the engine writes it again', async () => {
  await using room = await startClients();
  await room.clients.add(plants, 'by-operator');
  await room.clients.store('by-stranger', { client_id: 'by-stranger', ...plants });
  await room.clients.store('by-operator', { ...(await room.clients.stored('by-operator')) });
  expect((await room.clients.find('by-operator'))?.registeredBy).toBe('operator');
  expect((await room.clients.find('by-stranger'))?.registeredBy).toBe('anonymous');
});

test('the hash that the engine stores back goes on matching the secret', async () => {
  await using room = await startClients();
  const { client_secret } = await room.clients.add(plants, 'plants');
  await room.clients.store('plants', { ...(await room.clients.stored('plants')) });
  const stored = await room.clients.stored('plants');
  expect(clientSecretMatches(String(stored?.client_secret), String(client_secret))).toBe(true);
});

test('a stored URI that has gone bad is left out and told, and the client lives', async () => {
  await using room = await startClients();
  await room.clients.store('old', { ...plants, redirect_uris: [...plants.redirect_uris, 'gone bad'], logo_uri: 'x' });
  expect(await room.clients.stored('old')).toEqual(plants);
  expect(room.badUris).toEqual([
    ['old', 'redirect_uris'],
    ['old', 'logo_uri'],
  ]);
});

test('with a client go its consents and session grants, and nobody else’s', async () => {
  await using room = await startClients();
  for (const id of ['plants', 'trees']) {
    await room.clients.add(plants, id);
    const of = { client_id: id, account_id: 'alice' };
    const consent = { ...of, resource: '', scope: 'openid', decision: 'granted', decided_at: 1 };
    await room.query.insertInto('consents').values(consent).execute();
    const grant = { ...of, session_hash: 's', grant_id: `grant of ${id}`, created_at: 1 };
    await room.query.insertInto('session_grants').values(grant).execute();
  }
  expect(await room.clients.remove('plants')).toBe(true);
  expect(await room.clients.remove('plants')).toBe(false);
  expect(await room.clients.stored('plants')).toBeUndefined();
  expect(await room.clients.find('plants')).toBeUndefined();
  const left = [
    await room.query.selectFrom('consents').select('client_id').execute(),
    await room.query.selectFrom('session_grants').select('client_id').execute(),
  ];
  expect(left).toEqual([[{ client_id: 'trees' }], [{ client_id: 'trees' }]]);
});

test('clients are listed as they came', async () => {
  await using room = await startClients();
  vi.useFakeTimers({ toFake: ['Date'], now: 1_700_000_000_999 });
  try {
    await room.clients.add(plants, 'second-by-name');
    vi.advanceTimersByTime(1);
    await room.clients.add(plants, 'first-by-name');
  } finally {
    vi.useRealTimers();
  }
  const list = await room.clients.list();
  expect(list.map(({ id }) => id)).toEqual(['second-by-name', 'first-by-name']);
  expect(list[0]).toMatchObject({ createdAt: 1_700_000_000_999, metadata: { client_id_issued_at: 1_700_000_000 } });
});
