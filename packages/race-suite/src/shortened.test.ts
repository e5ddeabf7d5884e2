import { expect, test } from 'vitest';
import { shortened } from './shortened.ts';

test.each([
  ['vqZyDn8IdJjs3aUdvdGqmPNhGQ0BOJxYI6ZbpTJUbvV', 'vqZy…UbvV'],
  ['a short secret', 'a …'],
  ['x', 'x…'],
])('%s is shown as %s', (secret, shown) => {
  expect(shortened(secret)).toBe(shown);
});
