import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { deriveKeys, readOrMakeSessionKey } from './session-key.ts';

test('the key is made once, for its owner only, and nothing else is left behind', () => {
  const folder = mkdtempSync(join(tmpdir(), 'session-key-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'demo-client', 'session-key');
  const key = readOrMakeSessionKey(file);
  expect(Buffer.from(key, 'base64url')).toHaveLength(32);
  expect(readOrMakeSessionKey(file)).toBe(key);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(folder, 'demo-client'))).toEqual(['session-key']);
});

test('each purpose has a key of its own', () => {
  const { lookup, seal, csrf } = deriveKeys(Buffer.alloc(32, 1).toString('base64url'));
  expect(new Set([lookup, seal, csrf].map((key) => Buffer.from(key).toString('hex'))).size).toBe(3);
  expect(() => deriveKeys('short')).toThrow('32 bytes');
});
