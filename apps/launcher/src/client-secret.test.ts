import { mkdtempDisposableSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { clientSecretFile, ensureClientSecret } from './client-secret.ts';

const temporaryFolder = () => mkdtempDisposableSync(join(tmpdir(), 'latchkey-'));

test('the first start makes 256 random bits that only their owner can read', () => {
  using folder = temporaryFolder();
  const file = clientSecretFile(join(folder.path, 'data'));
  ensureClientSecret(file);
  expect(Buffer.from(readFileSync(file, 'utf8').trim(), 'base64url')).toHaveLength(32);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(dirname(file)).mode & 0o777).toBe(0o700);
  expect(readdirSync(dirname(file))).toEqual(['client-secret']);
});

test('later starts keep it', () => {
  using folder = temporaryFolder();
  const file = clientSecretFile(folder.path);
  ensureClientSecret(file);
  const first = readFileSync(file, 'utf8');
  ensureClientSecret(file);
  expect(readFileSync(file, 'utf8')).toBe(first);
});
