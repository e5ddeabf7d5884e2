import { expect, test } from 'vitest';
import { ownPath } from './return-to.ts';

test.each(['/', '/todos', '/?title=milk%20%26%20bread', '/a/b?c=d#e', '/a//b', '/search?next=https://other.example'])(
  '%j is a path of our own',
  (path) => {
    expect(ownPath(path)).toBe(path);
  },
);

test.each([
  undefined,
  ['/a', '/b'],
  '',
  'todos',
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/a\\b',
  'https://evil.example',
  'https:evil.example',
  'javascript:alert(1)',
  'data:text/html,x',
  '/\t/evil.example',
  '/\n/evil.example',
  '/\r\nSet-Cookie: a=b',
  '/\u0000',
  ' /a',
  '/a b',
  '/.//evil.example',
  '/a/..//evil.example',
  '/%2e%2e//evil.example',
  '/auth/sign-in',
  '/auth/sign-out?x',
  '/x/../auth/callback',
  '/AUTH/callback',
  `/${'x'.repeat(2_000)}`,
])('%j leads to the start page', (path) => {
  expect(ownPath(path)).toBe('/');
});

test('whatever comes out stays on the origin that it is read on', () => {
  for (const path of ['/@evil.example', '/:80', '/..', '/%5cevil.example', '/?//evil.example', '/é'])
    expect(new URL(ownPath(path), 'https://todos.example').origin).toBe('https://todos.example');
});
