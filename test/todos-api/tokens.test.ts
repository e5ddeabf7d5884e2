import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTodosApiTown, type TodosApiTown } from './todos-api-town.ts';

let town: TodosApiTown;
beforeAll(async () => {
  town = await startTodosApiTown();
});
afterAll(() => town[Symbol.asyncDispose]());

const seconds = Math.floor(Date.now() / 1000);
const me = (token: string) => town.call('/api/me', { token });

async function expectInvalid(token: string) {
  const response = await me(token);
  expect(response.status).toBe(401);
  expect(await response.json()).toEqual({ error: 'invalid_token', error_description: 'Invalid token' });
}

test('S6, S16: what the token says reaches the handler', async () => {
  const token = await town.token('read:todos  write:todos', { auth_time: seconds - 5, acr: 'pwd' });
  const response = await me(token);
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({
    iss: town.issuer.issuer,
    sub: 'alice',
    client_id: 'test-client',
    scope: 'read:todos write:todos',
    scopes: ['read:todos', 'write:todos'],
    iat: expect.any(Number),
    exp: expect.any(Number),
    auth_time: seconds - 5,
    acr: 'pwd',
  });
});

test.each(['', ' ', undefined])('S23: the scope %j is no scope at all', async (scope) => {
  const response = await me(await town.issuer.accessToken({ scope }));
  expect(await response.json()).toMatchObject({ scope: '', scopes: [] });
});

describe('claims', () => {
  test.each([
    ['S10: no exp', { exp: undefined }],
    ['S10: exp is text', { exp: '2999-01-01' }],
    ['no iat', { iat: undefined }],
    ['no jti', { jti: undefined }],
    ['no client_id', { client_id: undefined }],
    ['no iss', { iss: undefined }],
    ['no aud', { aud: undefined }],
    ['another issuer', { iss: 'https://other.example' }],
    ['another audience', { aud: 'https://other.example/api' }],
    ['the origin is not the resource', { aud: 'http://localhost' }],
    ['not yet valid', { nbf: seconds + 100 }],
    ['F6, S23: no sub', { sub: undefined }],
    ['F6, S23: sub is a number', { sub: 7 }],
    ['F6: sub is empty', { sub: '' }],
    ['S23: client_id is an object', { client_id: {} }],
    ['S23: scope is an array', { scope: ['read:todos'] }],
    ['S23: scope is an object', { scope: { 'read:todos': true } }],
    ['S23: scope is null', { scope: null }],
    ['S23: auth_time is text', { auth_time: 'now' }],
    ['bound to a key (RFC 9449) but sent as a bearer token', { cnf: { jkt: 'x' } }],
    ['bound to a certificate (RFC 8705)', { cnf: { 'x5t#S256': 'x' } }],
  ])('%s: refused', async (_, claims) => expectInvalid(await town.token('read:todos', claims)));

  test('one of several audiences is enough', async () => {
    const aud = ['https://other.example', `${town.url}/api`];
    expect((await me(await town.token('', { aud }))).status).toBe(200);
  });

  test('S10: clocks may differ by five seconds, no more', async () => {
    const at = Math.floor(Date.now() / 1000);
    expect((await me(await town.token('', { exp: at - 3 }))).status).toBe(200);
    expect((await me(await town.token('', { exp: at - 7 }))).status).toBe(401);
    expect((await me(await town.token('', { nbf: at + 3 }))).status).toBe(200);
  });
});

describe('signatures', () => {
  test.each(['JWT', 'logout+jwt', 'refresh+jwt', undefined])('S29: typ %s is no access token', async (typ) => {
    await expectInvalid(await town.issuer.accessToken({}, { typ }));
  });

  test('application/at+jwt is the same type (RFC 9068, section 4)', async () => {
    expect((await me(await town.issuer.accessToken({}, { typ: 'application/at+jwt' }))).status).toBe(200);
  });

  test('S12: another key with the right kid', async () => {
    const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
    await expectInvalid(await town.issuer.accessToken({}, {}, privateKey));
  });

  test('S12: a changed claim', async () => {
    const [header, , signature] = (await town.token('read:todos')).split('.');
    const payload = Buffer.from(JSON.stringify({ sub: 'bob' })).toString('base64url');
    await expectInvalid(`${header}.${payload}.${signature}`);
  });

  test('S12: HS256, with the public key as the secret', async () => {
    const jwks = await (await fetch(`${town.issuer.issuer}/jwks`)).text();
    await expectInvalid(await town.issuer.accessToken({}, { alg: 'HS256' }, new TextEncoder().encode(jwks)));
  });

  test('S12: none', async () => {
    const [, payload] = (await town.token('read:todos')).split('.');
    for (const alg of ['none', 'None', '', 7, null]) {
      const header = Buffer.from(JSON.stringify({ alg, typ: 'at+jwt' })).toString('base64url');
      await expectInvalid(`${header}.${payload}.`);
    }
  });

  test('another asymmetric algorithm than the key is for', async () => {
    const rsa = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048 };
    const publicExponent = new Uint8Array([1, 0, 1]);
    const { privateKey } = await crypto.subtle.generateKey({ ...rsa, publicExponent }, false, ['sign']);
    await expectInvalid(await town.issuer.accessToken({}, { alg: 'RS256' }, privateKey));
  });
});

test('a token of 8 KB is read like any other', async () => {
  const padding = 'x'.repeat(5_900);
  const token = await town.token('read:todos', { padding });
  expect(token.length).toBeGreaterThan(8_000);
  expect((await town.call('/api/todos', { token })).status).toBe(200);
  const [header, payload] = token.split('.');
  await expectInvalid(`${header}.${payload}.AAAA`);
});

test('S29: an opaque token, such as a refresh token, is refused', () => expectInvalid('9mZ2n1yXo4cR0kq7'));
