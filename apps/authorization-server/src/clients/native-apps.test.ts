import { expect, test } from 'vitest';
import { isSilentlyNative } from './native-apps.ts';

const onLoopback = { redirect_uris: ['http://127.0.0.1:7777/callback'], token_endpoint_auth_method: 'none' };

test('an app without a secret that is called back on loopback alone is a native app', () => {
  expect(isSilentlyNative(onLoopback)).toBe(true);
});

test('however its callback is written', () => {
  for (const uri of ['HTTP://127.0.0.1/cb', 'http://LOCALHOST:1/cb', 'http://[::1]/cb'])
    expect(isSilentlyNative({ ...onLoopback, redirect_uris: [uri] })).toBe(true);
});

test.each([
  ['has a secret', { token_endpoint_auth_method: 'client_secret_basic' }],
  ['says what it is', { application_type: 'web' }],
  ['has a place in the web, too', { redirect_uris: ['http://localhost/cb', 'https://planner.example/cb'] }],
  ['is called back by http elsewhere', { redirect_uris: ['http://planner.example/cb'] }],
  ['has no callback', { redirect_uris: [] }],
  ['has none at all', { redirect_uris: undefined }],
])('one that %s stays what it is', (_, members) => {
  expect(isSilentlyNative({ ...onLoopback, ...members })).toBe(false);
});
