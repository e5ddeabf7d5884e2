import { once } from 'node:events';
import { request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { exportJWK, generateKeyPair } from 'jose';
import { expect, test } from 'vitest';
import type { Registration } from '../clients/registration-rules.ts';
import { startEngine } from '../testing/running-engine.ts';

const publicKey = await exportJWK((await generateKeyPair('ES256')).publicKey);
const callback = { redirect_uris: ['https://plants.example/callback'] };

/** Both doors store clients, and the engine looks at each again at every use: what a door took must pass there. */
const registrations: Registration[] = [
  callback,
  { ...callback, scope: '' },
  { ...callback, scope: 'read:todos' },
  { ...callback, scope: 'openid profile email offline_access read:todos write:todos admin', required_scopes: 'email' },
  { ...callback, token_endpoint_auth_method: 'none' },
  { ...callback, token_endpoint_auth_method: 'client_secret_post' },
  { ...callback, token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [publicKey] } },
  { ...callback, token_endpoint_auth_method: 'private_key_jwt', jwks_uri: 'http://localhost:4000/jwks' },
  { ...callback, id_token_signed_response_alg: 'RS256', pkce: 'optional', access_token_ttl: 60 },
  { redirect_uris: ['https://localhost/cb', 'http://127.0.0.1:8080/cb', 'http://[::1]/cb', 'https://10.0.0.1/cb'] },
  {
    application_type: 'native',
    token_endpoint_auth_method: 'none',
    redirect_uris: [
      'com.example.plants:/cb',
      'http://localhost/cb',
      'http://127.0.0.1/cb',
      'https://plants.example/cb',
    ],
    post_logout_redirect_uris: ['com.example.plants:/bye'],
  },
  {
    ...callback,
    post_logout_redirect_uris: ['https://plants.example/bye'],
    backchannel_logout_uri: 'http://localhost:3002/auth/backchannel-logout',
    backchannel_logout_session_required: true,
    client_uri: 'http://localhost:3002/',
    logo_uri: 'https://plants.example/logo.png',
    policy_uri: 'https://plants.example/policy',
    tos_uri: 'https://plants.example/tos',
  },
  { grant_types: ['client_credentials'] },
  {
    grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
    token_endpoint_auth_method: 'none',
  },
  { ...callback, grant_types: ['authorization_code', 'client_credentials'] },
];

test('whatever an operator may register, the engine takes', async () => {
  await using engine = await startEngine();
  for (const registration of registrations) {
    const { client_id } = await engine.clients.add({ client_name: 'Plants', ...registration });
    const client = await engine.provider.Client.find(String(client_id)).catch((error) => error.error_description);
    expect(client, JSON.stringify(registration)).toMatchObject({ clientId: client_id });
  }
});

test("a stranger's registration passes our rules before the engine's, and cannot set what is the operator's", async () => {
  await using engine = await startEngine();
  const register = async (registration: Registration) => {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify(registration);
    const response = await fetch(`${engine.issuer}/register`, { method: 'POST', headers, body });
    return { status: response.status, body: (await response.json()) as Registration };
  };

  const refused = await register({ redirect_uris: ['http://plants.example/'], logo_uri: 'https://10.0.0.1/logo.png' });
  expect(refused).toMatchObject({ status: 400, body: { error: 'invalid_redirect_uri' } });
  expect(refused.body.error_description).toMatch(/redirect_uris\[0\] must use https.*; logo_uri: must be on a public/);

  const ours = { pkce: 'optional', access_token_ttl: 86_400, allowed_scopes: 'admin' };
  const taken = await register({ ...callback, client_name: 'Plants', scope: 'openid read:todos', ...ours });
  expect(taken).toMatchObject({ status: 201, body: { scope: 'openid read:todos' } });
  for (const member of Object.keys(ours)) expect(taken.body).not.toHaveProperty(member);
  const stored = await engine.clients.stored(String(taken.body.client_id));
  expect(stored).toMatchObject({ allowed_scopes: 'read:todos' });
  expect(stored).not.toHaveProperty('pkce');
  expect(stored).not.toHaveProperty('access_token_ttl');
});

test('an update whose end comes after the client was removed does not bring it back', async () => {
  await using engine = await startEngine();
  const registered = await fetch(`${engine.issuer}/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(callback),
  });
  const { client_id, registration_access_token } = (await registered.json()) as Record<string, string>;
  const body = JSON.stringify({ ...callback, client_id, client_name: 'Back again' });
  const update = request(`${engine.issuer}/register/${client_id}`, {
    method: 'PUT',
    headers: {
      authorization: `Bearer ${registration_access_token}`,
      'content-type': 'application/json',
      'content-length': body.length,
    },
  });
  const answered = once(update, 'response');
  update.write(body.slice(0, 10));
  await delay(300);
  expect(await engine.clients.remove(String(client_id))).toBe(true);
  update.end(body.slice(10));
  const [answer] = await answered;
  answer.resume();
  expect(answer.statusCode).toBe(401);
  expect(await engine.clients.find(String(client_id))).toBeUndefined();
});
