import { expect, test } from 'vitest';
import { normalizedTarget } from './target-url.ts';

test.each([
  ['https://api.example/todos', 'https://api.example/todos'],
  ['HTTPS://API.Example:443/todos', 'https://api.example/todos'],
  ['http://api.example:80/todos', 'http://api.example/todos'],
  ['http://localhost:3001/api', 'http://localhost:3001/api'],
  ['http://[::1]:3001/api', 'http://[::1]:3001/api'],
  ['https://api.example', 'https://api.example/'],
  ['https://api.example:', 'https://api.example/'],
  ['https://api.example?a=1', 'https://api.example/'],
  ['https://api.example/todos?a=/../b#c', 'https://api.example/todos'],
  ['https://api.example/a/./b/../c', 'https://api.example/a/c'],
  ['https://api.example/a/%2e%2E/c', 'https://api.example/c'],
  ['https://api.example/%7Eann/%c3%a9%2f', 'https://api.example/~ann/%C3%A9%2F'],
  ['https://api.example/a%2Eb', 'https://api.example/a.b'],
  ['https://api.example/a{b}', 'https://api.example/a%7Bb%7D'],
])('RFC 3986, section 6.2: %s is %s', (spelling, normalized) => {
  expect(normalizedTarget(spelling)).toBe(normalized);
});

test.each([
  ['https://api.example/todos', 'https://api.example/Todos'],
  ['https://api.example/todos', 'https://api.example/todos/'],
  ['https://api.example/todos', 'https://api.example//todos'],
  ['https://api.example/todos', 'http://api.example/todos'],
  ['https://api.example/todos', 'https://api.example:444/todos'],
  ['https://api.example/todos', 'https://api.example./todos'],
  ['https://api.example/a/b', 'https://api.example/a%2Fb'],
  ['https://api.example/a', 'https://api.example/a%00'],
])('%s and %s are two', (one, other) => {
  expect(normalizedTarget(one)).not.toBe(normalizedTarget(other));
});

test.each([
  '',
  '/todos',
  'api.example/todos',
  '//api.example/todos',
  'ftp://api.example/todos',
  'https:api.example/todos',
  'https:/api.example/todos',
  'https:///api.example/todos',
  'https://api.example@evil.example/todos',
  'https://@api.example/todos',
  'https:\\\\api.example\\todos',
  'https://api.example\\todos',
  'https://api.example/to\tdos',
  'https://api.example/to\ndos',
  ' https://api.example/todos',
  'https://api.example/todos ',
  'https://ex%61mple.com/',
  'https://exämple.com/',
  'https://api.example/é',
  'https://127.1/',
  'https://0x7f000001/',
  'https://2130706433/',
  'https://[0:0:0:0:0:0:0:1]/',
  'https://[::1/',
  'https://api.example:0443/',
  'https://api.example:65536/',
  'https://api.example:a/',
  'https://api.example/%',
  'https://api.example/%zz',
  'https://api.example/%2',
])('%j is no address', (spelling) => {
  expect(normalizedTarget(spelling)).toBeUndefined();
});
