import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import { expect, test } from 'vitest';
import { createProofKey } from './dpop-proof.ts';

const decoded = (part = '') => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;

test('RFC 9449, section 4.2: a proof is signed by the key that it shows, for one address, and is new each time', () => {
  const key = createProofKey();
  const proof = key.proof('https://id.example/token', 'a nonce');
  const [header, payload, signature = ''] = proof.split('.');
  expect(decoded(header)).toMatchObject({ typ: 'dpop+jwt', alg: 'ES256' });
  expect(decoded(payload)).toMatchObject({ htm: 'POST', htu: 'https://id.example/token', nonce: 'a nonce' });

  const publicKey = createPublicKey({ key: decoded(header).jwk as JsonWebKey, format: 'jwk' });
  const signed = Buffer.from(`${header}.${payload}`);
  const ieee = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const;
  expect(verify('sha256', signed, ieee, Buffer.from(signature, 'base64url'))).toBe(true);
  expect(key.proof('https://id.example/token', undefined)).not.toBe(key.proof('https://id.example/token', undefined));
});
