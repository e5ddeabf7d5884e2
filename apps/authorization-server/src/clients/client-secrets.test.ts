import { expect, test } from 'vitest';
import { clientSecretMatches, generateClientSecret, hashClientSecret } from './client-secrets.ts';

test('secrets are 256 random bits', () => {
  const secrets = new Set(Array.from({ length: 100 }, generateClientSecret));
  expect(secrets.size).toBe(100);
  for (const secret of secrets) expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/);
});

test('a secret matches its hash, and nothing else does', () => {
  const secret = generateClientSecret();
  const hash = hashClientSecret(secret);
  expect(hash).toMatch(/^sha256:[A-Za-z0-9_-]{43}$/);
  expect(hash).not.toContain(secret);
  expect(clientSecretMatches(hash, secret)).toBe(true);
  for (const wrong of ['', `${secret}x`, secret.slice(1), secret.toUpperCase(), generateClientSecret()]) {
    expect(clientSecretMatches(hash, wrong), wrong).toBe(false);
  }
});

test('who has stolen the hash has not stolen the secret', () => {
  const hash = hashClientSecret(generateClientSecret());
  expect(clientSecretMatches(hash, hash)).toBe(false);
});

test('a hash that is stored back stays what it is', () => {
  const hash = hashClientSecret(generateClientSecret());
  expect(hashClientSecret(hash)).toBe(hash);
});

test.each([undefined, '', 'plain text secret', 'sha256:', 'sha256:short'])(
  'nothing matches %j in its place',
  (hash) => {
    for (const presented of ['', 'plain text secret', 'sha256:', String(hash)]) {
      expect(clientSecretMatches(hash, presented)).toBe(false);
    }
  },
);
