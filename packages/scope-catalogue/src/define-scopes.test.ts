import { expect, test } from 'vitest';
import { defineScopes } from './define-scopes.ts';

const declaration = { description: 'd', consequence: 'c', grantableBy: 'anyone' } as const;

test('S1: a scope is declared once and found by its name, in the order of declaration', () => {
  const catalogue = defineScopes({ b: declaration, a: declaration });
  expect([...catalogue.keys()]).toEqual(['b', 'a']);
  expect(catalogue.get('a')).toMatchObject({ name: 'a', description: 'd' });
});

test('S2: any scope string without spaces is allowed', () => {
  const names = ['users:read', 'instagram_basic', 'https://www.googleapis.com/auth/drive'];
  expect([...defineScopes(Object.fromEntries(names.map((name) => [name, declaration]))).keys()]).toEqual(names);
});

test.each(['read todos', '', 'a"b', 'a\\b', 'ä', 'a\n'])('S2: %j is refused when it is declared', (name) => {
  expect(() => defineScopes({ [name]: declaration })).toThrow(JSON.stringify(name));
});
