import { expect, test } from 'vitest';
import { defaultScopes, requestedScopes } from './scope-request.ts';

test('without a parameter the usual is asked for', () => {
  expect(requestedScopes(undefined)).toEqual(['openid', 'profile', 'email', 'read:todos', 'write:todos']);
  expect(requestedScopes(undefined)).not.toBe(defaultScopes);
});

test('a list with spaces and one parameter per checkbox say the same', () => {
  const expected = ['openid', 'profile', 'read:todos', 'admin'];
  expect(requestedScopes('admin openid  read:todos profile')).toEqual(expected);
  expect(requestedScopes(['openid profile', 'read:todos', 'admin'])).toEqual(expected);
});

test('unknown names are left out, and openid is always there', () => {
  expect(requestedScopes('delete:everything')).toEqual(['openid']);
  expect(requestedScopes('')).toEqual(['openid']);
});
