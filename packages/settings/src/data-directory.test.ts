import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { defaultDataDirectory, resolveFromRoot } from './data-directory.ts';

test('relative paths are taken from the root of the project', () => {
  expect(existsSync(resolveFromRoot('package-lock.json'))).toBe(true);
  expect(resolveFromRoot('data')).toBe(defaultDataDirectory);
});

test('absolute paths stay as they are', () => {
  expect(resolveFromRoot('/var/latchkey')).toBe('/var/latchkey');
});
