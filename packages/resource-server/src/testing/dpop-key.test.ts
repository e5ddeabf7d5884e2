import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { expect, test } from 'vitest';
import { createDpopKey } from './dpop-key.ts';

const request = { method: 'POST', url: 'https://api.example/todos?a=1#b' };

test('a proof carries what RFC 9449, section 4.2, asks for, signed by the key that it shows', async () => {
  const key = await createDpopKey();
  const proof = await key.proof({ ...request, accessToken: 'Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU', iat: 7 });
  const { payload, protectedHeader } = await jwtVerify(proof, key.publicJwk);
  expect(protectedHeader).toEqual({ typ: 'dpop+jwt', alg: 'ES256', jwk: key.publicJwk });
  const ath = 'fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo';
  expect(payload).toEqual({ jti: expect.any(String), htm: 'POST', htu: 'https://api.example/todos', iat: 7, ath });
  expect(Object.keys(key.publicJwk).sort()).toEqual(['crv', 'kty', 'x', 'y']);
});

test('anything can be put over it, or left out', async () => {
  const key = await createDpopKey('Ed25519');
  const over = { claims: { htm: undefined, extra: true }, header: { typ: 'JWT' } };
  const proof = await key.proof({ ...request, nonce: 'n', jti: 'j', ...over });
  expect(decodeProtectedHeader(proof)).toMatchObject({ typ: 'JWT', alg: 'Ed25519' });
  expect(decodeJwt(proof)).toMatchObject({ nonce: 'n', jti: 'j', extra: true, iat: expect.any(Number) });
  expect(decodeJwt(proof)).not.toHaveProperty('htm');
  expect(decodeJwt(proof)).not.toHaveProperty('ath');
});
