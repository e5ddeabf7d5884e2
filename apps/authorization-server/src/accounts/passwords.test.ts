import { expect, test } from 'vitest';
import { foreignPasswordHash } from '../testing/foreign-password-hash.ts';
import { hashPassword, maximumPasswordLength, needsRehash, verifyPassword } from './passwords.ts';

const cheap = { memory: 64, passes: 1, parallelism: 1 };

test('a hash is a PHC string with the parameters that OWASP recommends, and a salt of its own', async () => {
  const [one, two] = await Promise.all([hashPassword('open sesame'), hashPassword('open sesame')]);
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  expect(one).not.toBe(two);
  expect(needsRehash(one)).toBe(false);
});

test('the right password passes, and nothing near it', async () => {
  const hash = await hashPassword('open sesame');
  expect(await verifyPassword(hash, 'open sesame')).toBe(true);
  for (const wrong of ['', 'Open sesame', 'open sesame ', 'open sesam', hash]) {
    expect(await verifyPassword(hash, wrong), wrong).toBe(false);
  }
});

test('a hash is checked with its own parameters, and is due to be made anew', async () => {
  const old = foreignPasswordHash('open sesame', cheap);
  expect(await verifyPassword(old, 'open sesame')).toBe(true);
  expect(await verifyPassword(old, 'open barley')).toBe(false);
  expect(needsRehash(old)).toBe(true);
});

test.each([
  ['memory', { memory: 19_448, passes: 2, parallelism: 1 }],
  ['passes', { memory: 19_456, passes: 1, parallelism: 1 }],
  ['lanes', { memory: 19_456, passes: 2, parallelism: 2 }],
])('other %s than today are a reason to hash again', (_, parameters) => {
  expect(needsRehash(foreignPasswordHash('open sesame', parameters))).toBe(true);
});

test('the same characters count, composed or not', async () => {
  const hash = await hashPassword('Caf\u00e9 \uFB01ne');
  expect(await verifyPassword(hash, 'Cafe\u0301 fine')).toBe(true);
});

test('the longest password counts to its last character, and a longer one is refused rather than cut', async () => {
  const longest = 'x'.repeat(maximumPasswordLength);
  const hash = await hashPassword(longest);
  expect(await verifyPassword(hash, longest)).toBe(true);
  expect(await verifyPassword(hash, `${longest.slice(1)}y`)).toBe(false);
  expect(await verifyPassword(hash, `${longest}x`)).toBe(false);
});

test.each([
  '',
  'plain text',
  '$argon2i$v=19$m=64,t=1,p=1$c2l4dGVlbiBieXRlcyBvaw$AAAA',
  '$argon2id$v=16$m=64,t=1,p=1$c2l4dGVlbiBieXRlcyBvaw$AAAA',
  '$argon2id$v=19$m=64,t=1$c2l4dGVlbiBieXRlcyBvaw$AAAA',
  '$argon2id$v=19$m=64,t=1,p=1$$AAAA',
  '$argon2id$v=19$m=64,t=1,p=1$c2l4dGVlbiBieXRlcyBvaw$',
])('what is no such hash (%j) lets nobody in, and is to be replaced', async (hash) => {
  expect(await verifyPassword(hash, 'open sesame')).toBe(false);
  expect(await verifyPassword(hash, '')).toBe(false);
  expect(needsRehash(hash)).toBe(true);
});
