import { expect, test } from 'vitest';
import { type Answer, answerOf, appOf, type Registration } from './app.ts';
import { headingOf, isConsent, namesOn, scopesOn } from './person.ts';
import { startTown, type Town } from './town.ts';

const planner = { client_name: 'Planner', redirect_uris: ['https://planner.example/callback'] };

async function call(address: unknown, method: string, body?: unknown, token?: unknown): Promise<Answer> {
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (token !== undefined) headers.authorization = `Bearer ${token}`;
  const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
  return answerOf(await fetch(String(address), init));
}

const register = (town: Town, registration: unknown) => call(town.metadata.registration_endpoint, 'POST', registration);

test('RFC 7591: an app registers itself, is told its secret this once, and may ask people', async () => {
  await using town = await startTown();
  const alice = town.person('alice');
  const { status, headers, body } = await register(town, planner);
  expect(status).toBe(201);
  expect(headers.get('cache-control')).toBe('no-store');
  expect(body).toMatchObject({
    ...planner,
    grant_types: ['authorization_code'],
    response_types: ['code'],
    token_endpoint_auth_method: 'client_secret_basic',
    id_token_signed_response_alg: 'ES256',
    client_secret_expires_at: 0,
    registration_client_uri: `${town.issuer}/register/${body.client_id}`,
  });
  expect(String(body.scope).split(' ')).not.toContain('admin');

  const app = appOf(town.metadata, body);
  const request = app.request({ scope: 'openid read:todos' });
  const consent = await alice.signIn(await alice.open(request));
  expect(isConsent(consent)).toBe(true);
  expect(consent.text).toContain('Not verified.');
  const tokens = await alice.connect(app, { scope: 'openid read:todos' });
  expect(tokens.scope).toBe('read:todos');
});

test('what a stranger cannot have, named or not: admin, and scopes that nobody can leave out', async () => {
  await using town = await startTown();
  const admin = town.person('admin');
  const unnamed = appOf(town.metadata, (await register(town, planner)).body);
  const request = unnamed.request({ scope: 'openid read:todos admin' });
  expect(namesOn(await admin.signIn(await admin.open(request)))).toEqual(['openid', 'read:todos']);
  const { status, body } = await register(town, { ...planner, scope: 'openid read:todos admin' });
  expect(status).toBe(400);
  expect(body.error_description).toContain('"admin" is given by the operator only');

  const greedy = appOf(
    town.metadata,
    (await register(town, { ...planner, required_scopes: 'openid read:todos write:todos' })).body,
  );
  const page = await admin.open(greedy.request({ scope: 'openid read:todos write:todos' }));
  expect(scopesOn(page).filter(({ required }) => required)).toMatchObject([{ name: 'openid' }]);
});

test('a public app gets no secret, and is bound to PKCE like any other', async () => {
  await using town = await startTown();
  const { body } = await register(town, { ...planner, token_endpoint_auth_method: 'none' });
  expect(body).not.toHaveProperty('client_secret');
  const app = appOf(town.metadata, body);
  expect(await town.person('alice').connect(app)).toHaveProperty('access_token');
});

test('an app on somebody’s own computer may use http on loopback', async () => {
  await using town = await startTown();
  const redirect_uris = ['http://localhost:7777/callback', 'http://127.0.0.1:7777/cb', 'http://[::1]:7777/cb'];
  const { status, body } = await register(town, { ...planner, redirect_uris, token_endpoint_auth_method: 'none' });
  expect(status).toBe(201);
  expect(body.redirect_uris).toEqual(redirect_uris);
});

test('every problem is named in one answer, those of redirect URIs first', async () => {
  await using town = await startTown();
  const { status, body } = await register(town, {
    client_name: 'Pla\u202enner',
    redirect_uris: ['https://planner.example/#x', 'http://planner.example/', 'https://planner.example/good'],
    logo_uri: 'http://127.0.0.1/logo.png',
    jwks_uri: 'https://169.254.169.254/keys',
    grant_types: ['authorization_code', 'client_credentials', 'password'],
    scope: 'openid read:todos fly:planes',
    token_endpoint_auth_method: 'tls_client_auth',
  });
  expect(status).toBe(400);
  expect(body.error).toBe('invalid_redirect_uri');
  for (const part of [
    'redirect_uris[0]',
    'redirect_uris[1]',
    'client_name',
    'logo_uri',
    'jwks_uri',
    'client_credentials',
    '"password"',
    '"fly:planes"',
    'token_endpoint_auth_method',
  ]) {
    expect(body.error_description).toContain(part);
  }
  expect(body.error_description).not.toContain('redirect_uris[2]');
});

const refusedRedirectUris = [
  'https://planner.example/callback#fragment',
  'https://planner.example/callback#',
  'https://user:password@planner.example/',
  'https://user@planner.example/',
  'https://*.planner.example/callback',
  'https://planner.example/*',
  'http://planner.example/callback',
  'http://localhost.evil.example/callback',
  'http://10.0.0.1/callback',
  'planner://callback',
  'com.planner.app:/callback',
  'javascript:alert(1)',
  'data:text/html,x',
  '/callback',
  'planner.example/callback',
  'https://planner.example/../callback',
  'https://planner.example/a b',
  '',
  7,
  null,
];

test('redirect URIs that could lead elsewhere are refused', async () => {
  await using town = await startTown();
  for (const uri of refusedRedirectUris) {
    for (const application_type of ['web', 'native']) {
      const { status, body } = await register(town, { ...planner, application_type, redirect_uris: [uri] });
      expect(status, String(uri)).toBe(400);
      expect(body.error, String(uri)).toBe('invalid_redirect_uri');
    }
  }
  for (const redirect_uris of [[], undefined, 'https://planner.example/', {}]) {
    expect((await register(town, { ...planner, redirect_uris })).status).toBe(400);
  }
});

const innerAddresses = [
  'https://localhost/x',
  'https://app.localhost/x',
  'https://127.0.0.1/x',
  'https://127.1/x',
  'https://2130706433/x',
  'https://0x7f000001/x',
  'https://[::1]/x',
  'https://[::ffff:127.0.0.1]/x',
  'https://0.0.0.0/x',
  'https://10.1.2.3/x',
  'https://172.16.0.1/x',
  'https://192.168.1.1/x',
  'https://169.254.169.254/latest/meta-data',
  'https://[fd00:ec2::254]/x',
  'https://[fe80::1]/x',
  'https://metadata.google.internal/x',
  'https://printer.local/x',
  'https://intranet/x',
  'https://localhost./x',
  'http://planner.example/x',
  'ftp://planner.example/x',
  'javascript:alert(1)',
];

test('no other URI may be on a loopback, private or metadata address', async () => {
  await using town = await startTown();
  for (const uri of innerAddresses) {
    for (const member of ['jwks_uri', 'logo_uri', 'backchannel_logout_uri', 'client_uri', 'policy_uri', 'tos_uri']) {
      const { status, body } = await register(town, { ...planner, [member]: uri });
      expect(status, `${member} ${uri}`).toBe(400);
      expect(body.error_description, `${member} ${uri}`).toContain(member);
    }
  }
});

test('what only an operator may give is refused or ignored', async () => {
  await using town = await startTown();
  const alice = town.person('alice');
  expect((await register(town, { ...planner, grant_types: ['client_credentials'] })).status).toBe(400);
  const { status, body } = await register(town, {
    ...planner,
    pkce: 'optional',
    access_token_ttl: 86_400,
    allowed_scopes: 'admin',
    client_id: 'chosen',
    client_secret: 'chosen',
    registered_by: 'operator',
  });
  expect(status).toBe(201);
  for (const member of ['pkce', 'access_token_ttl', 'allowed_scopes']) expect(body).not.toHaveProperty(member);
  expect(body.client_id).not.toBe('chosen');
  expect(body.client_secret).not.toBe('chosen');
  const app = appOf(town.metadata, body);
  const without = app.request({ code_challenge: undefined, code_challenge_method: undefined });
  expect(await alice.authorize(without)).toMatchObject({ error: 'invalid_request' });
  expect((await alice.connect(app)).expires_in).toBe(300);
  expect(headingOf(await alice.open(app.request({ prompt: 'login' })))).toBe('Sign in');
});

test('a registration that is no registration is refused', async () => {
  await using town = await startTown();
  for (const body of [[], 'text', 7, null, {}, { ...planner, grant_types: 'authorization_code' }] as Registration[]) {
    const { status, body: answer } = await register(town, body);
    expect(status, JSON.stringify(body)).toBe(400);
    expect(answer.error, JSON.stringify(body)).toMatch(/^invalid_/);
  }
});

test('a page on another site may register an app: CORS', async () => {
  await using town = await startTown();
  const { registration_endpoint: endpoint } = town.metadata;
  const origin = 'https://inspector.example';
  const preflight = await fetch(endpoint, {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
  });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
  expect(preflight.headers.get('access-control-allow-methods')).toContain('POST');
  expect(preflight.headers.get('access-control-allow-headers')?.toLowerCase()).toContain('content-type');
  expect(preflight.headers.has('access-control-allow-credentials')).toBe(false);
  for (const registration of [planner, {}]) {
    const headers = { origin, 'content-type': 'application/json' };
    const answer = await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify(registration) });
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  }
});
