import { expect, test } from 'vitest';
import { redirectHost } from './redirect-host.ts';

test.each([
  ['https://app.example/callback', 'app.example'],
  ['https://app.example:8443/callback', 'app.example:8443'],
  ['https://xn--bcher-kva.example/', 'xn--bcher-kva.example'],
  ['http://localhost:3002/cb', 'an app on this computer (localhost:3002)'],
  ['http://127.0.0.1:49152/', 'an app on this computer (127.0.0.1:49152)'],
  ['http://[::1]/cb', 'an app on this computer ([::1])'],
  ['com.example.app:/callback', 'an app on this device'],
  [undefined, 'your device'],
  ['not a uri', 'your device'],
])('%s is %s', (uri, words) => {
  expect(redirectHost(uri)).toBe(words);
});
