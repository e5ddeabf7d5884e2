import { calculateJwkThumbprint } from 'jose';
import { describe, expect, test } from 'vitest';
import { createMemoryReplayStore } from '../replay/memory-replay-store.ts';
import { checkDpopProof } from './dpop-proof.ts';
import { publicKeyFault } from './proof-key.ts';

describe('RFC 9449, its examples', () => {
  const token = 'Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU';
  const proof = [
    'eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0Rs',
    'cEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2',
    'In19.eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90',
    'ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFF',
    'byJ9.2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA',
  ].join('');
  const thumbprint = '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I';
  const url = 'https://resource.example.org/protectedresource';
  const now = () => 1562262618_000;
  const options = () => ({ algorithms: ['ES256'], replays: createMemoryReplayStore({ now }), now });

  test('the proof of section 7.1 is good for its request, with the thumbprint of section 6.1', async () => {
    const its = { method: 'GET', url, accessToken: token, thumbprint };
    expect(await checkDpopProof([proof], its, options())).toEqual({ ok: true });
  });

  test('and for no other token', async () => {
    const other = { method: 'GET', url, accessToken: 'another', thumbprint };
    expect(await checkDpopProof([proof], other, options())).toMatchObject({ failed: 'ath of another access token' });
  });
});

test('RFC 7638, section 3.1: the key of the example is sound, and has its thumbprint', async () => {
  const n = [
    '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknj',
    'hMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQ',
    'vRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzK',
    'nqDKgw',
  ].join('');
  const jwk = { kty: 'RSA', n, e: 'AQAB', alg: 'RS256', kid: '2011-04-29' };
  expect(publicKeyFault(jwk)).toBeUndefined();
  expect(await calculateJwkThumbprint(jwk)).toBe('NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs');
});
