import { expect, test } from 'vitest';
import { lookupKey, seal, unseal } from './sealing.ts';

const key = new Uint8Array(32).fill(1);
const other = new Uint8Array(32).fill(2);
const value = { refreshToken: 'secret', list: [1, 2] };

test('what was sealed for a place opens there', () => {
  const sealed = seal(key, 'sessions a', value);
  expect(sealed).not.toContain('secret');
  expect(unseal(key, 'sessions a', sealed)).toEqual(value);
});

test('the same value is sealed differently each time', () => {
  expect(seal(key, 'sessions a', value)).not.toBe(seal(key, 'sessions a', value));
});

test('it opens neither in another row, nor under another key, nor changed, nor cut short', () => {
  const sealed = seal(key, 'sessions a', value);
  expect(unseal(key, 'sessions b', sealed)).toBeUndefined();
  expect(unseal(other, 'sessions a', sealed)).toBeUndefined();
  const bytes = Buffer.from(sealed, 'base64url');
  for (const position of [0, 12, bytes.length - 1]) {
    const changed = Buffer.from(bytes);
    changed[position] = (changed[position] ?? 0) ^ 1;
    expect(unseal(key, 'sessions a', changed.toString('base64url'))).toBeUndefined();
  }
  for (const length of [0, 11, 13, 20, bytes.length - 1])
    expect(unseal(key, 'sessions a', bytes.subarray(0, length).toString('base64url'))).toBeUndefined();
});

test('a lookup key depends on key, kind and secret', () => {
  const names = [
    lookupKey(key, 'sub', 'alice'),
    lookupKey(key, 'sid', 'alice'),
    lookupKey(key, 'sub', 'bob'),
    lookupKey(other, 'sub', 'alice'),
  ];
  expect(new Set(names).size).toBe(4);
  expect(lookupKey(key, 'sub', 'alice')).toBe(names[0]);
});
