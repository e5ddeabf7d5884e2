import { expect, test } from 'vitest';
import { apiScopes, readTokenSet } from './token-set.ts';

const before = { granted: ['read:todos'], refreshToken: 'old' };
const answer = { access_token: 'new', token_type: 'bearer' as const, expires_in: 300 };

test('what a refresh leaves out stays as it was', () => {
  expect(readTokenSet(answer, before, 5)).toEqual({
    accessToken: 'new',
    refreshToken: 'old',
    receivedAt: 5,
    expiresIn: 300,
    granted: ['read:todos'],
  });
});

test('what it names takes its place, an empty scope too', () => {
  const tokens = readTokenSet({ ...answer, refresh_token: 'next', scope: '' }, before, 5);
  expect(tokens).toMatchObject({ refreshToken: 'next', granted: [] });
});

test('scopes are read as names, in the order of the catalogue', () => {
  expect(apiScopes('openid admin  read:todos read:todos.all')).toEqual(['read:todos', 'admin']);
  expect(apiScopes('')).toEqual([]);
});
