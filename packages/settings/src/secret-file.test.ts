import { mkdtempDisposableSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { ensureSecretFile } from './secret-file.ts';

const temporaryFolder = () => mkdtempDisposableSync(join(tmpdir(), 'latchkey-'));

test('the first start makes 256 random bits that only their owner can read', () => {
  using folder = temporaryFolder();
  const file = join(folder.path, 'data', 'client-secret');
  ensureSecretFile(file);
  expect(Buffer.from(readFileSync(file, 'utf8').trim(), 'base64url')).toHaveLength(32);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(dirname(file)).mode & 0o777).toBe(0o700);
  expect(readdirSync(dirname(file))).toEqual(['client-secret']);
});

test('later starts keep it', () => {
  using folder = temporaryFolder();
  const file = join(folder.path, 'client-secret');
  const made = ensureSecretFile(file);
  const first = readFileSync(file, 'utf8');
  expect(ensureSecretFile(file)).toBe(made);
  expect(readFileSync(file, 'utf8')).toBe(first);
});

test('what is there is never overwritten, not even when it is no secret', () => {
  using folder = temporaryFolder();
  const file = join(folder.path, 'client-secret');
  writeFileSync(file, 'damaged\n');
  expect(ensureSecretFile(file)).toBe('damaged');
  expect(readFileSync(file, 'utf8')).toBe('damaged\n');
});
