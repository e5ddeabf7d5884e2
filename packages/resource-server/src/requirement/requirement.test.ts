import { expect, test } from 'vitest';
import { type Principal, toPrincipal } from '../verification/principal.ts';
import { requirementOf } from './requirement.ts';
import { firstUnmet } from './unmet.ts';

function principal(claims: Record<string, unknown> = {}): Principal {
  const usual = { iss: 'i', sub: 'alice', client_id: 'app', jti: 'j', iat: 0, exp: 1, scope: '' };
  const made = toPrincipal({ ...usual, ...claims }, 'token');
  if ('malformed' in made) throw new Error(made.malformed);
  return made;
}

test('S19, S20, F17: scopes add up, unique, those of the outermost guard first', () => {
  const { scopes } = requirementOf([{ scopes: ['read'] }, {}, { scopes: ['read', 'write'] }, { scopes: ['write'] }]);
  expect(scopes).toEqual(['read', 'write']);
});

test('S13: all scopes are needed, and the first missing one is named', () => {
  const needs = requirementOf([{ scopes: ['a', 'b', 'c'] }]);
  expect(firstUnmet(principal({ scope: 'a' }), needs, 0)?.error_description).toBe('Missing required scope: b');
  expect(firstUnmet(principal({ scope: 'c b a' }), needs, 0)).toBeUndefined();
});

test('F12: siblings do not leak into one another', () => {
  const outer = { scopes: ['one'] };
  expect(requirementOf([outer, { scopes: ['two'] }]).scopes).toEqual(['one', 'two']);
  expect(requirementOf([outer, { scopes: ['three'] }]).scopes).toEqual(['one', 'three']);
});

test('every level’s sign-in requirement counts, and the challenge states the one that is not met', () => {
  const needs = requirementOf([
    { requireAuthentication: { acr: ['mfa', 'hwk'] } },
    { requireAuthentication: { maxAge: 300 } },
  ]);
  const unmet = (claims: Record<string, unknown>) => firstUnmet(principal(claims), needs, 1000)?.parameters;
  expect(unmet({})).toEqual({ acr_values: 'mfa hwk' });
  expect(unmet({ acr: 'pwd', auth_time: 999 })).toEqual({ acr_values: 'mfa hwk' });
  expect(unmet({ acr: 'hwk' })).toEqual({ max_age: '300' });
  expect(unmet({ acr: 'hwk', auth_time: 699 })).toEqual({ max_age: '300' });
  expect(unmet({ acr: 'hwk', auth_time: 700 })).toBeUndefined();
});

test('a client on its own is not sent to sign in, nor told of scopes: it is denied', () => {
  const needs = requirementOf([{ subject: 'person', scopes: ['a'], requireAuthentication: { maxAge: 1 } }]);
  expect(firstUnmet(principal({ sub: 'app' }), needs, 0)?.error).toBe('access_denied');
});
