import { expect, test } from 'vitest';
import { deriveKeys } from './session-key.ts';

test('each purpose has a key of its own', () => {
  const { lookup, seal, csrf } = deriveKeys(Buffer.alloc(32, 1).toString('base64url'));
  expect(new Set([lookup, seal, csrf].map((key) => Buffer.from(key).toString('hex'))).size).toBe(3);
  expect(() => deriveKeys('short')).toThrow('32 bytes');
});
