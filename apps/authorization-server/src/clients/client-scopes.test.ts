import { expect, test } from 'vitest';
import { joinScope, noOpenidScope, splitScope } from './client-scopes.ts';

test("one scope member becomes OpenID Connect's own and the API's, in the catalogue's order", () => {
  expect(splitScope({ scope: 'write:todos email openid read:todos', client_name: 'Plants' })).toEqual({
    client_name: 'Plants',
    scope: 'openid email',
    allowed_scopes: 'read:todos write:todos',
  });
});

test.each([undefined, null])('without a scope (%j) a client gets all but what is privileged', (scope) => {
  expect(splitScope({ scope })).toEqual({
    scope: 'openid profile email offline_access',
    allowed_scopes: 'read:todos write:todos',
  });
});

test('what is privileged is given when it is named', () => {
  expect(splitScope({ scope: 'openid admin' })).toMatchObject({ scope: 'openid', allowed_scopes: 'admin' });
});

test('who names nothing gets nothing, which is not the same as no limit', () => {
  expect(splitScope({ scope: '' })).toEqual({ scope: noOpenidScope, allowed_scopes: '' });
  expect(splitScope({ scope: 'read:todos' })).toEqual({ scope: noOpenidScope, allowed_scopes: 'read:todos' });
});

test.each(['', 'openid', 'read:todos', 'openid profile email offline_access read:todos write:todos admin'])(
  'what was split is shown in one again: %j',
  (scope) => {
    const answer = joinScope(splitScope({ scope, client_name: 'Plants' }));
    expect(answer).toEqual({ scope, client_name: 'Plants' });
  },
);

test('names that nobody declared are left out, whatever they are called', () => {
  expect(splitScope({ scope: 'openid constructor __proto__ read:diary' })).toEqual({
    scope: 'openid',
    allowed_scopes: '',
  });
});
