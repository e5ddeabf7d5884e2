import { expect, test } from 'vitest';
import { isPublicHost, metadataUriProblem, redirectUriProblem } from './redirect-uris.ts';

const absolute = 'must be an absolute URI such as https://app.example/callback';
const ascii = 'must consist of visible ASCII characters that a URI allows';
const fragment = 'must not have a fragment';
const user = 'must not have a user or password';
const wildcard = 'must not have a wildcard: register each URI in full';
const dots = 'must not have a dot segment';
const insecure = 'must use https (http only on localhost, 127.0.0.1 or [::1])';
const web =
  'must use https, http on a loopback host, or, for a native app, a scheme of its own in reverse domain order';
const stranger = 'must use https, or http on a loopback host';

/** Good for everybody. */
test.each([
  'https://app.example/callback',
  'https://app.example',
  'https://app.example:8443/callback?from=here&to=there',
  'https://app.example/callback?next=/a/../b',
  'https://app.example/%C3%BCber',
  'https://app.example/@alice/callback',
  'https://app.example/callback?user=a@b',
  'https://app.example/.well-known/callback',
  'https://app.example/a..b/...',
  'https://xn--bcher-kva.example/cb',
  'https://10.0.0.7/callback',
  'HTTPS://APP.EXAMPLE/Callback',
  'http://localhost/callback',
  'http://localhost:3002/auth/callback',
  'http://127.0.0.1:49152/',
  'http://[::1]:8080/cb',
  `https://app.example/${'x'.repeat(1980)}`,
])('%s is a redirect URI', (uri) => {
  for (const native of [false, true]) {
    expect(redirectUriProblem(uri, { native, registeredBy: 'operator' })).toBeUndefined();
    expect(redirectUriProblem(uri, { native, registeredBy: 'anonymous' })).toBeUndefined();
  }
});

/** Bad for everybody, for the same reason. */
test.each<[unknown, string]>([
  [undefined, 'must be a string'],
  [null, 'must be a string'],
  [7, 'must be a string'],
  [['https://app.example'], 'must be a string'],
  [{ href: 'https://app.example' }, 'must be a string'],
  ['', ascii],
  [' https://app.example', ascii],
  ['https://app.example/a b', ascii],
  ['https://app.example/\n', ascii],
  ['https://app.example/\t', ascii],
  ['https://app.example\\@evil.example', ascii],
  ['https://app.example/<script>', ascii],
  ['https://app.example/"', ascii],
  ['https://app.example/{id}', ascii],
  ['https://app.example/|', ascii],
  ['https://bücher.example/', ascii],
  ['https://app.example/\u200B', ascii],
  [`https://app.example/${'x'.repeat(1981)}`, 'must be at most 2,000 characters long'],
  ['/callback', absolute],
  ['//app.example/callback', absolute],
  ['app.example/callback', absolute],
  ['https:', absolute],
  ['https://', absolute],
  ['https:app.example/callback', absolute],
  ['https:/app.example/callback', absolute],
  ['https:///app.example/callback', absolute],
  ['http:localhost/callback', absolute],
  ['https://app.example:99999/', absolute],
  ['https://[::1/', absolute],
  ['https://app.example/#', fragment],
  ['https://app.example/#top', fragment],
  ['https://app.example/?a=b#c', fragment],
  ['https://alice@app.example/', user],
  ['https://alice:secret@app.example/', user],
  ['https://:secret@app.example/', user],
  ['https://@app.example/', user],
  ['https://app.example@evil.example/', user],
  ['https://*.app.example/', wildcard],
  ['https://app.example/*', wildcard],
  ['https://app.example/?next=*', wildcard],
  ['https://app.example/a/../b', dots],
  ['https://app.example/a/.', dots],
  ['https://app.example/a/%2e%2E/b', dots],
  ['https://app.example/..?a=b', dots],
  ['http://app.example/callback', insecure],
  ['http://localhost.evil.example/', insecure],
  ['http://127.0.0.1.evil.example/', insecure],
  ['http://127.0.0.2/', insecure],
  ['http://192.168.0.1/', insecure],
  ['http://[::2]/', insecure],
  ['http://0.0.0.0/', insecure],
  ['javascript:alert(1)', 'must not use the scheme javascript'],
  ['JavaScript://app.example/%0aalert(1)', 'must not use the scheme javascript'],
  ['data:text/html,hello', 'must not use the scheme data'],
  ['vbscript:msgbox', 'must not use the scheme vbscript'],
  ['blob:https://app.example/1', 'must not use the scheme blob'],
  ['file:///etc/passwd', 'must not use the scheme file'],
  ['about:blank', 'must not use the scheme about'],
  ['ws://app.example/', 'must not use the scheme ws'],
  ['wss://app.example/', 'must not use the scheme wss'],
])('%j is refused: %s', (uri, reason) => {
  for (const native of [false, true]) {
    expect(redirectUriProblem(uri, { native, registeredBy: 'operator' })).toBe(reason);
    expect(redirectUriProblem(uri, { native, registeredBy: 'anonymous' })).toBe(reason);
  }
});

test.each(['com.example.app:/callback', 'com.example.app://callback', 'com.example.app:callback'])(
  "%s is for an operator's native app alone",
  (uri) => {
    expect(redirectUriProblem(uri, { native: true, registeredBy: 'operator' })).toBeUndefined();
    expect(redirectUriProblem(uri, { native: false, registeredBy: 'operator' })).toBe(web);
    expect(redirectUriProblem(uri, { native: true, registeredBy: 'anonymous' })).toBe(stranger);
  },
);

test.each(['https://localhost:8443/cb', 'https://127.0.0.1/cb', 'https://[::1]/cb'])('%s is for web apps', (uri) => {
  expect(redirectUriProblem(uri, { native: false, registeredBy: 'operator' })).toBeUndefined();
  expect(redirectUriProblem(uri, { native: true, registeredBy: 'operator' })).toBe(
    'must use http on a loopback host: a native app has no certificate for it',
  );
});

test.each([
  'myapp://callback',
  'urn:ietf:wg:oauth:2.0:oob',
  'mailto:alice.example',
  'ftp://app.example/',
  'view-source:https://app.example',
])('%s is a scheme that belongs to nobody', (uri) => {
  expect(redirectUriProblem(uri, { native: true, registeredBy: 'operator' })).toBe(web);
  expect(redirectUriProblem(uri, { native: true, registeredBy: 'anonymous' })).toBe(stranger);
});

test.each<[string, string | undefined, string | undefined]>([
  ['https://app.example/logo.png', undefined, undefined],
  ['http://app.example/logo.png', undefined, 'must use https'],
  ['https://localhost/logo.png', undefined, 'must be on a public host'],
  ['http://localhost:3002/backchannel', undefined, 'must use https'],
  ['https://169.254.169.254/latest/meta-data', undefined, 'must be on a public host'],
  ['https://[fd00::1]/', undefined, 'must be on a public host'],
  ['ftp://app.example/', 'must be an https or http URI', 'must use https'],
  ['com.example.app:/x', 'must be an https or http URI', 'must use https'],
  ['javascript:alert(1)', 'must be an https or http URI', 'must use https'],
  ['https://alice@app.example/', user, user],
  ['https://app.example/#logo', fragment, fragment],
  ['logo.png', absolute, absolute],
])('another URI, %s: an operator hears %j, a stranger %j', (uri, operator, anonymous) => {
  expect(metadataUriProblem(uri, 'operator')).toBe(operator);
  expect(metadataUriProblem(uri, 'anonymous')).toBe(anonymous);
});

test.each(['app.example', 'APP.EXAMPLE.', 'sub.app.example', 'localhost.example', '1.1.1.1', '[2606:4700:4700::1111]'])(
  '%s is out in the world',
  (host) => {
    expect(isPublicHost(host)).toBe(true);
  },
);

test.each([
  ...[
    'localhost',
    'LOCALHOST.',
    'app.localhost',
    'printer',
    'printer.local',
    'db.internal',
    'metadata.google.internal',
  ],
  ...[
    'wiki.corp',
    'nas.lan',
    'nas.home',
    'router.home.arpa',
    'host.localdomain',
    'site.intranet',
    'x.test',
    'x.invalid',
  ],
  ...['127.0.0.1', '127.9.9.9', '0.0.0.0', '10.0.0.1', '172.16.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1'],
  ...[
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '192.0.2.1',
    '[::1]',
    '[::]',
    '[fe80::1]',
    '[fd12::1]',
    '[ff02::1]',
  ],
  ...['[::ffff:127.0.0.1]', '[::ffff:a00:1]', '[64:ff9b::7f00:1]', '[2002:7f00:1::]', '[2001:db8::1]', ''],
])('%s is not', (host) => {
  expect(isPublicHost(host)).toBe(false);
});
