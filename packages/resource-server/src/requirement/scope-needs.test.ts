import { expect, test } from 'vitest';
import { viewOf } from '../request/request-view.ts';
import { type Principal, toPrincipal } from '../verification/principal.ts';
import type { Guard } from './guard.ts';
import { requirementOf, resolved, under } from './requirement.ts';
import { anyOf, scopesFor } from './scope-needs.ts';
import { firstUnmet } from './unmet.ts';

function holding(scope: string, claims: Record<string, unknown> = {}): Principal {
  const made = toPrincipal({ iss: 'i', sub: 'alice', client_id: 'app', exp: 1, scope, ...claims }, 'token');
  if ('malformed' in made) throw new Error(made.malformed);
  return made;
}

const check = (principal: Principal, ...guards: Parameters<typeof requirementOf>[0]) =>
  firstUnmet(principal, requirementOf(guards), 0);

test('one of several scopes is enough, and a list among them counts as a whole', () => {
  const guard = { scopes: ['profile', anyOf('admin', ['read', 'audit'])] };
  expect(check(holding('profile admin'), guard)).toBeUndefined();
  expect(check(holding('profile read audit'), guard)).toBeUndefined();
  expect(check(holding('admin'), guard)?.error_description).toBe('Missing required scope: profile');
  expect(check(holding('profile read'), guard)?.error_description).toBe(
    'Missing required scope: admin or read and audit',
  );
});

test('the challenge names of each choice what the caller has, else what to ask for', () => {
  const guard = { scopes: [anyOf('admin', ['read', 'audit']), 'write'] };
  expect(requirementOf([guard]).scopes).toEqual(['admin', 'write']);
  expect(check(holding('read audit'), guard)?.scopes).toEqual(['read', 'audit', 'write']);
  expect(check(holding(''), guard)?.scopes).toEqual(['admin', 'write']);
});

test('a choice needs something to choose from', () => {
  expect(() => anyOf()).toThrow('choose');
  expect(() => anyOf('read', [])).toThrow('choose');
});

test('S22: scopes may depend on the request, and are added up with the rest then', () => {
  const everyone = scopesFor(['admin'], ({ query }) => (query.has('everyone') ? ['admin'] : []));
  const own = scopesFor(['self'], ({ params, method, header }) =>
    params.id === 'me' && method === 'PUT' && header('X-Mode') === 'a, b' ? ['self'] : [],
  );
  const requirement = requirementOf([{ scopes: ['read'] }, { scopes: [everyone, own] }]);
  const at = (url: string, params = {}) => {
    const facts = { method: 'PUT', url, rawHeaders: ['x-mode', 'a', 'X-MODE', 'b'] };
    return resolved(requirement, () => viewOf(facts, params)).scopes;
  };
  expect(at('/list')).toEqual(['read']);
  expect(at('/list?everyone')).toEqual(['read', 'admin']);
  expect(at('/list?everyone', { id: 'me' })).toEqual(['read', 'admin', 'self']);
  expect(requirement.scopes).toEqual(['read']);
});

test('what depends on the request is never taken for nothing', () => {
  expect(() => check(holding('read'), { scopes: [scopesFor(['a'], () => [])] })).toThrow('resolved');
});

test('S4: claims are checked apart from scopes: a value, one of several, a member of a list, a rule', () => {
  const clerk = holding('', { role: 'clerk', groups: ['a', 'b'], level: 3 });
  expect(check(clerk, { claims: { role: 'clerk' } })).toBeUndefined();
  expect(check(clerk, { claims: { role: ['manager', 'clerk'], groups: 'b', level: 3 } })).toBeUndefined();
  expect(check(clerk, { claims: { level: (level) => Number(level) > 2 } })).toBeUndefined();
  const others: Guard['claims'][] = [
    { role: 'manager' },
    { groups: 'c' },
    { level: '3' },
    { absent: [] },
    { role: () => false },
  ];
  for (const claims of others)
    expect(check(clerk, { ...(claims && { claims }) })).toMatchObject({ status: 403, error: 'access_denied' });
});

test('S14: what no scope could mend is called not enough permissions, also where a rule meets what it did not expect', () => {
  const denied = { error: 'access_denied', error_description: 'Not enough permissions' };
  expect(check(holding(''), { allow: ({ subject }) => subject === 'bob' })).toMatchObject(denied);
  const throws = () => {
    throw new Error('no such member');
  };
  expect(check(holding(''), { allow: throws })).toMatchObject(denied);
  expect(check(holding(''), { claims: { role: throws } })).toMatchObject(denied);
});

test('every level counts: a person, claims and rules of the outer one too, scopes before claims', () => {
  const guards = [{ claims: { role: 'clerk' } }, { scopes: ['read'], allow: () => true }] as const;
  expect(check(holding(''), ...guards)?.error).toBe('insufficient_scope');
  expect(check(holding('read'), ...guards)?.error).toBe('access_denied');
  expect(check(holding('read', { role: 'clerk' }), ...guards)).toBeUndefined();
});

test('a requirement under another one asks for both, and credentials stay required', () => {
  const outer = requirementOf([{ scopes: ['a'], subject: 'person' }]);
  const inner = requirementOf([{ scopes: ['b', 'a'], claims: { role: 'x' } }], 'optional');
  const both = under(outer, inner);
  expect(both).toMatchObject({ scopes: ['a', 'b'], person: true, mode: 'required', claims: [['role', 'x']] });
  expect(under(requirementOf([], 'optional'), inner).mode).toBe('optional');
});
