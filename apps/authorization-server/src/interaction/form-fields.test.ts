import type { Context } from 'koa';
import { expect, test } from 'vitest';
import { formField, formFields } from './form-fields.ts';

const sent = (body: unknown) => ({ request: { body } }) as unknown as Context;

test('a field is one string', () => {
  expect(formField(sent({ username: 'alice' }), 'username')).toBe('alice');
});

test.each([
  [undefined],
  [null],
  ['username=alice'],
  [{}],
  [{ username: ['alice', 'bob'] }],
  [{ username: { $ne: '' } }],
  [{ username: 7 }],
])('from %j comes the empty string', (body) => {
  expect(formField(sent(body), 'username')).toBe('');
});

test('a field that may be there many times is a list, also of none or one', () => {
  expect(formFields(sent({}), 'scope')).toEqual([]);
  expect(formFields(sent(undefined), 'scope')).toEqual([]);
  expect(formFields(sent({ scope: 'openid' }), 'scope')).toEqual(['openid']);
  expect(formFields(sent({ scope: ['openid', 'email'] }), 'scope')).toEqual(['openid', 'email']);
  expect(formFields(sent({ scope: ['openid', 7, null, ['email'], {}] }), 'scope')).toEqual(['openid']);
});

test('what every object inherits was not sent', () => {
  for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
    expect(formField(sent({}), name)).toBe('');
    expect(formFields(sent({}), name)).toEqual([]);
  }
});
