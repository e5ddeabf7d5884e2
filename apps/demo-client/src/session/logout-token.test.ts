import { createLocalJWKSet, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { IssuerUnavailableError } from '../issuer/issuer.ts';
import { readLogoutToken } from './logout-token.ts';

const now = Date.UTC(2026, 0, 1);
const seconds = now / 1000;
const event = 'http://schemas.openid.net/event/backchannel-logout';
const { privateKey, publicKey } = await generateKeyPair('ES256');
const keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256' }] });
const expected = { keys, issuer: 'https://login.example', clientId: 'demo-client', now };

const good: JWTPayload = {
  iss: 'https://login.example',
  aud: 'demo-client',
  sid: 'session-one',
  iat: seconds,
  exp: seconds + 120,
  jti: 'once',
  events: { [event]: {} },
};

const sign = (payload: JWTPayload, typ = 'logout+jwt') =>
  new SignJWT(payload).setProtectedHeader({ alg: 'ES256', kid: 'one', typ }).sign(privateKey);

test('a logout token names whom to sign out, by sid, by sub, or by both', async () => {
  expect(await readLogoutToken(await sign(good), expected)).toEqual({
    sub: undefined,
    sid: 'session-one',
    jti: 'once',
    exp: seconds + 120,
  });
  const both = await readLogoutToken(await sign({ ...good, sub: 'alice' }), expected);
  expect(both).toMatchObject({ sub: 'alice', sid: 'session-one' });
  const bySub = await readLogoutToken(await sign({ ...good, sid: undefined, sub: 'alice' }), expected);
  expect(bySub).toMatchObject({ sub: 'alice', sid: undefined });
});

test.each<[string, JWTPayload]>([
  ['an ID token (nonce)', { ...good, nonce: 'n' }],
  ['no events', { ...good, events: undefined }],
  ['events that are a list', { ...good, events: [event] }],
  ['an event that is a list', { ...good, events: { [event]: [] } }],
  ['a sid that is no string', { ...good, sid: 7 }],
  ['an empty sub', { ...good, sub: '' }],
  ['an empty jti', { ...good, jti: '' }],
  ['a future iat', { ...good, iat: seconds + 60, exp: seconds + 120 }],
  ['an exp of an hour ago', { ...good, exp: seconds - 3600 }],
])('%s is refused', async (_what, payload) => {
  expect(await readLogoutToken(await sign(payload), expected)).toBeUndefined();
});

test('keys out of reach are no verdict on the token', async () => {
  const away = async () => {
    throw new IssuerUnavailableError(new Error('no answer'));
  };
  await expect(readLogoutToken(await sign(good), { ...expected, keys: away })).rejects.toThrow(IssuerUnavailableError);
});
