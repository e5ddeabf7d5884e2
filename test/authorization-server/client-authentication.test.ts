import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { type App, basic } from './app.ts';
import { stopClock } from './clock.ts';
import { startTown, todosApi } from './town.ts';

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const service = { grant_types: ['client_credentials'], redirect_uris: [], scope: 'read:todos write:todos' };
const refused = { status: 401, body: { error: 'invalid_client' } };

const ask = (app: App, params = {}, headers = {}) =>
  app.token({ grant_type: 'client_credentials', scope: 'read:todos', ...params }, headers);

test('S40: a service gets a token for itself: no person, its own id as sub, and only its own scopes', async () => {
  await using town = await startTown();
  const planner = await town.app({ ...service, redirect_uris: ['https://planner.example/unused'] });
  const { status, body } = await ask(planner, { scope: 'read:todos write:todos admin' });
  expect(status).toBe(200);
  const { payload } = await town.verify(body.access_token, { audience: todosApi, typ: 'at+jwt' });
  expect(payload).toMatchObject({ sub: planner.id, client_id: planner.id, scope: 'read:todos write:todos' });
  expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(300);
  for (const claim of ['auth_time', 'acr', 'amr', 'sid', 'name', 'email']) expect(payload).not.toHaveProperty(claim);
  for (const member of ['refresh_token', 'id_token']) expect(body).not.toHaveProperty(member);
});

test('S40: without a scope it gets an API token without scopes; another app gets none at all', async () => {
  await using town = await startTown();
  const [robot, planner] = [await town.app(service), await town.app()];
  const { body } = await ask(robot, { scope: undefined });
  const { payload } = await town.verify(body.access_token, { audience: todosApi, typ: 'at+jwt' });
  expect(payload.scope ?? '').toBe('');
  expect((await ask(robot, { scope: 'openid read:todos' })).body.error).toBe('invalid_scope');
  expect(await ask(robot, { resource: 'https://elsewhere.example' })).toMatchObject({
    status: 400,
    body: { error: 'invalid_target' },
  });
  expect((await ask(planner)).status).toBe(400);
});

test('a secret may come in the header or in the form, but not twice, and never in the address', async () => {
  await using town = await startTown();
  for (const token_endpoint_auth_method of ['client_secret_basic', 'client_secret_post']) {
    const robot = await town.app({ ...service, token_endpoint_auth_method });
    const { id, secret = '' } = robot;
    const [inForm, inHeader] = [{ client_id: id, client_secret: secret }, { authorization: basic(id, secret) }];
    expect((await ask(robot, inForm)).status).toBe(200);
    expect((await ask(robot, {}, inHeader)).status).toBe(200);
    expect((await ask(robot, inForm, inHeader)).status).toBe(400);
    const address = `${town.metadata.token_endpoint}?${new URLSearchParams(inForm)}`;
    const body = new URLSearchParams({ grant_type: 'client_credentials' });
    expect((await fetch(address, { method: 'POST', body })).status).toBe(400);
  }
});

test('wrong credentials are invalid_client, whether the app or only the secret is wrong', async () => {
  await using town = await startTown();
  const [robot, other] = [await town.app(service), await town.app(service)];
  const { id, secret = '' } = robot;
  const header = (name: string, word: string) => ({ authorization: basic(name, word) });
  for (const headers of [
    header(id, 'wrong'),
    header(id, `${secret}x`),
    header(id, secret.slice(0, -1)),
    header(id, other.secret ?? ''),
    header('unknown', secret),
  ]) {
    const answer = await ask(robot, {}, headers);
    expect(answer).toMatchObject(refused);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Basic /);
  }
  expect(await ask(robot, { client_id: id, client_secret: 'wrong' })).toMatchObject(refused);
  const nothing = new URLSearchParams({ grant_type: 'client_credentials', client_id: id });
  expect((await fetch(town.metadata.token_endpoint, { method: 'POST', body: nothing })).status).toBe(401);
});

test('the stored hash of a secret is not a secret', async () => {
  await using town = await startTown();
  const robot = await town.app(service);
  using database = town.database();
  const row = database.prepare('SELECT secret_hash FROM clients WHERE id = ?').get(robot.id);
  expect(await ask(robot, {}, { authorization: basic(robot.id, String(row?.secret_hash)) })).toMatchObject(refused);
});

test('guessing at secrets is slowed down, while the right secret goes on working', async () => {
  using clock = stopClock();
  await using town = await startTown();
  const [robot, other] = [await town.app(service), await town.app(service)];
  const guess = () => ask(robot, {}, { authorization: basic(robot.id, 'a guess') });
  const statuses = [];
  for (let turn = 0; turn < 80; turn++) statuses.push((await guess()).status);
  expect(statuses.slice(0, 60)).toEqual(Array(60).fill(401));
  expect(statuses.slice(60)).toEqual(Array(20).fill(429));
  const slowed = await guess();
  expect(Number(slowed.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await ask(robot)).status).toBe(200);
  expect((await ask(other)).status).toBe(200);
  clock.advance(61);
  expect((await guess()).status).toBe(401);
});

test('however often a service asks, it is not slowed down', async () => {
  await using town = await startTown();
  const robot = await town.app(service);
  for (let turn = 0; turn < 100; turn++) expect((await ask(robot)).status).toBe(200);
});

test('private_key_jwt: a service proves itself with its key, once with each assertion', async () => {
  using clock = stopClock();
  await using town = await startTown();
  const [{ privateKey, publicKey }, strange] = [await generateKeyPair('ES256'), await generateKeyPair('ES256')];
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256', use: 'sig' }] };
  const robot = await town.app({ ...service, token_endpoint_auth_method: 'private_key_jwt', jwks });
  expect(robot.secret).toBeUndefined();
  const sign = (claims: Record<string, unknown> = {}, key = privateKey) => {
    const now = Math.floor(Date.now() / 1000);
    const { id } = robot;
    const payload = {
      iss: id,
      sub: id,
      aud: town.issuer,
      iat: now,
      exp: now + 60,
      jti: crypto.randomUUID(),
      ...claims,
    };
    return new SignJWT(payload).setProtectedHeader({ alg: 'ES256', kid: 'one' }).sign(key);
  };
  const present = (client_assertion: string) => ask(robot, { client_assertion, client_assertion_type: assertionType });

  const good = await sign();
  expect((await present(good)).status).toBe(200);
  expect((await present(good)).status).toBe(401);
  const late = await sign();
  clock.advance(120);
  for (const bad of [
    late,
    await sign({}, strange.privateKey),
    await sign({ aud: 'https://elsewhere.example' }),
    await sign({ iss: 'somebody else' }),
    await sign({ jti: undefined }),
    await sign({ exp: undefined }),
  ]) {
    expect(await present(bad)).toMatchObject(refused);
  }
  expect(await ask(robot, { client_id: robot.id, client_secret: 'any' })).toMatchObject(refused);
});

test('private_key_jwt: an assertion that arrives several times at once counts once', async () => {
  await using town = await startTown();
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const jwks = { keys: [await exportJWK(publicKey)] };
  const robot = await town.app({ ...service, token_endpoint_auth_method: 'private_key_jwt', jwks });
  const claims = { iss: robot.id, sub: robot.id, aud: town.issuer, jti: crypto.randomUUID() };
  const signed = new SignJWT(claims).setProtectedHeader({ alg: 'ES256' }).setIssuedAt().setExpirationTime('1m');
  const params = { client_assertion: await signed.sign(privateKey), client_assertion_type: assertionType };
  const statuses = (await Promise.all([1, 2, 3].map(() => ask(robot, params)))).map(({ status }) => status);
  expect(statuses.filter((status) => status === 200)).toHaveLength(1);
});

test('F24: grants that OAuth 2.1 has done away with are not known here', async () => {
  await using town = await startTown();
  const planner = await town.app();
  for (const grant_type of ['password', 'implicit', 'urn:openid:params:grant-type:ciba', 'x', '']) {
    const { status, body } = await planner.token({ grant_type, username: 'alice', password: 'alice-password' });
    expect(status).toBe(400);
    expect(body.error).toBe(grant_type === '' ? 'invalid_request' : 'unsupported_grant_type');
  }
});
