import { expect, test } from 'vitest';
import { isForeign } from './forgery-guard.ts';

const own = 'https://todos.example';

test.each([
  ['our own page', { site: 'same-origin', origin: own }],
  ['the address bar', { site: 'none', origin: '' }],
  ['an old browser that says nothing', { site: '', origin: '' }],
  ['an old browser that says the origin only', { site: '', origin: own }],
])('%s is not foreign', (_who, sender) => {
  expect(isForeign(sender, own)).toBe(false);
});

test.each([
  ['another site', { site: 'cross-site', origin: 'https://evil.example' }],
  ['another site that hides its origin', { site: '', origin: 'null' }],
  ['a neighbouring subdomain', { site: 'same-site', origin: 'https://blog.example' }],
  ['the same host without https', { site: '', origin: 'http://todos.example' }],
  ['a name that begins like ours', { site: '', origin: 'https://todos.example.evil.example' }],
  ['a site header that is unknown', { site: 'nearby', origin: own }],
])('%s is foreign', (_who, sender) => {
  expect(isForeign(sender, own)).toBe(true);
});
