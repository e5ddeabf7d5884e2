import { expect, test } from 'vitest';
import { type Registration, registrationProblems } from './registration-rules.ts';

const good: Registration = { client_name: 'Plants', redirect_uris: ['https://plants.example/callback'] };

const uriMembers = [
  ...['client_uri', 'logo_uri', 'policy_uri', 'tos_uri', 'jwks_uri', 'sector_identifier_uri', 'initiate_login_uri'],
  'backchannel_logout_uri',
];

/** Whatever JSON can hold, and does not belong there. */
const wrongTypes: readonly unknown[] = [7, -1, 1.5, true, '', ' ', {}, [], [7], [null], [[]], { toString: 'x' }];

function problems(members: Registration, registeredBy: 'operator' | 'anonymous' = 'operator') {
  return registrationProblems({ ...good, ...members }, registeredBy);
}

test.each<Registration>([
  {},
  { grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'] },
  { grant_types: ['urn:ietf:params:oauth:grant-type:device_code'], redirect_uris: undefined },
  { grant_types: ['urn:ietf:params:oauth:grant-type:device_code'], redirect_uris: [], response_types: [] },
  { token_endpoint_auth_method: 'none', application_type: 'native', redirect_uris: ['http://127.0.0.1/cb'] },
  { scope: '', required_scopes: '' },
  { scope: 'openid profile email offline_access read:todos write:todos' },
  { post_logout_redirect_uris: ['https://plants.example/bye'], client_uri: 'https://plants.example' },
  Object.fromEntries([...uriMembers, 'scope', 'grant_types', 'client_name', 'pkce'].map((member) => [member, null])),
  { client_name: 'Łucja’s 植物 & more', contacts: ['gardener@plants.example'], a_member_of_the_future: { x: 1 } },
])('%j is fine, whoever registers it', (members) => {
  expect(problems(members, 'operator')).toEqual([]);
  expect(problems(members, 'anonymous')).toEqual([]);
});

test('everything that is wrong is found in one reading, the redirect URIs first', () => {
  expect(
    problems({
      client_name: '',
      redirect_uris: ['http://plants.example/', 'https://plants.example/#a'],
      post_logout_redirect_uris: ['/bye'],
      logo_uri: 'logo.png',
      grant_types: ['authorization_code', 'password'],
      response_types: ['token'],
      token_endpoint_auth_method: 'client_secret_jwt',
      scope: 'openid read:diary',
      required_scopes: 'write:diary',
      pkce: 'never',
      access_token_ttl: 0,
      application_type: 'desktop',
    }),
  ).toEqual([
    'redirect_uris[0] must use https (http only on localhost, 127.0.0.1 or [::1])',
    'redirect_uris[1] must not have a fragment',
    'post_logout_redirect_uris[0] must be an absolute URI such as https://app.example/callback',
    'logo_uri: must be an absolute URI such as https://app.example/callback',
    expect.stringMatching(/^grant_types: "password" is not supported \(authorization_code, /),
    'response_types: only "code" is supported',
    expect.stringMatching(/^token_endpoint_auth_method: must be one of client_secret_basic, /),
    'scope: "read:diary" is not known',
    'required_scopes: "write:diary" is not known',
    'client_name: 1 to 100 characters',
    'pkce: must be required or optional',
    'access_token_ttl: whole seconds from 1 to 86400',
    'application_type: must be web or native',
  ]);
});

test.each<[string, readonly unknown[]]>([
  ['redirect_uris', ['https://plants.example/', '', ...wrongTypes]],
  ['post_logout_redirect_uris', ['https://plants.example/', 7, {}, [7], [null], [[]], ['']]],
  ...uriMembers.map((member): [string, readonly unknown[]] => [member, wrongTypes]),
  ['grant_types', [7, {}, 'authorization_code', [7], [null], [['authorization_code']], ['implicit']]],
  ['response_types', [7, {}, 'code', [7], [null], ['code', 'token'], ['code token']]],
  ['token_endpoint_auth_method', wrongTypes],
  ['scope', [7, {}, ['openid'], true, 'nothing', 'openid\tprofile', 'constructor', '__proto__']],
  ['required_scopes', [7, {}, ['openid'], true, 'nothing']],
  ['client_name', [7, {}, [], '', ' ', 'x'.repeat(101)]],
  ['pkce', [...wrongTypes, 'plain']],
  ['access_token_ttl', ['300', 0, -1, 1.5, 86_401, Number.NaN, Number.POSITIVE_INFINITY, [300], {}, true]],
  ['application_type', [...wrongTypes, 'browser']],
])('%s of a wrong type or value is refused by name, and nothing throws', (member, values) => {
  for (const value of values) {
    for (const registeredBy of ['operator', 'anonymous'] as const) {
      const found = problems({ [member]: value }, registeredBy);
      expect(found.length, JSON.stringify(value)).toBeGreaterThan(0);
      for (const problem of found) expect(problem).toMatch(new RegExp(`^${member}[:[]`));
    }
  }
});

test.each([
  ['client_id', { client_name: 'a\u202Ecod' }],
  ['zero width', { client_name: 'La\u200Btchkey' }],
  ['a line break', { client_name: 'one\ntwo' }],
  ['a byte order mark', { client_name: '\uFEFFname' }],
])('a name that could pretend to be another (%s) is refused', (_, members) => {
  expect(problems(members)).toEqual(['client_name: must not have invisible or direction-changing characters']);
});

test('a code flow needs somewhere to go', () => {
  const needed = 'redirect_uris: at least one is needed for authorization_code';
  for (const redirect_uris of [undefined, null, []]) expect(problems({ redirect_uris })).toEqual([needed]);
  expect(problems({ redirect_uris: [], grant_types: ['authorization_code', 'client_credentials'] })).toEqual([needed]);
});

test('fifty URIs are enough', () => {
  const uris = Array.from({ length: 51 }, (_, index) => `https://plants.example/${index}`);
  expect(problems({ redirect_uris: uris })).toEqual(['redirect_uris: at most 50']);
  expect(problems({ redirect_uris: uris.slice(1) })).toEqual([]);
});

test('a client on its own behalf is made by an operator, and proves who it is', () => {
  const members = { grant_types: ['client_credentials'], redirect_uris: [] };
  expect(problems(members, 'operator')).toEqual([]);
  expect(problems(members, 'anonymous')).toEqual(['grant_types: client_credentials is given by the operator only']);
  expect(problems({ ...members, token_endpoint_auth_method: 'none' })).toEqual([
    'grant_types: client_credentials needs a client that can prove who it is, not token_endpoint_auth_method none',
  ]);
});

test('a client that signs its assertions has keys to check them with', () => {
  const signs = { token_endpoint_auth_method: 'private_key_jwt' };
  const needed = 'token_endpoint_auth_method: private_key_jwt needs jwks_uri or jwks, the public keys';
  expect(problems(signs)).toEqual([needed]);
  expect(problems({ ...signs, jwks_uri: 'https://plants.example/jwks' })).toEqual([]);
  expect(problems({ ...signs, jwks: { keys: [{ kty: 'EC' }] } })).toEqual([]);
});

test('ID tokens are signed with what the server has', () => {
  for (const id_token_signed_response_alg of ['ES256', 'RS256']) {
    expect(problems({ id_token_signed_response_alg })).toEqual([]);
  }
  for (const id_token_signed_response_alg of ['HS256', 'none', '', 7, ['ES256']]) {
    expect(problems({ id_token_signed_response_alg })).toEqual([
      'id_token_signed_response_alg: must be ES256 or RS256',
    ]);
  }
});

test('PKCE is optional only for a client that proves who it is otherwise', () => {
  expect(problems({ pkce: 'optional' })).toEqual([]);
  expect(problems({ pkce: 'required', token_endpoint_auth_method: 'none' })).toEqual([]);
  expect(problems({ pkce: 'optional', token_endpoint_auth_method: 'none' })).toEqual([
    'pkce: optional is for clients that have a secret or a key',
  ]);
});

test.each([1, 300, 86_400])('an access token may live %i seconds', (access_token_ttl) => {
  expect(problems({ access_token_ttl })).toEqual([]);
});

test('what is privileged is given by the operator only', () => {
  expect(problems({ scope: 'openid admin' }, 'operator')).toEqual([]);
  expect(problems({ scope: 'openid admin' }, 'anonymous')).toEqual(['scope: "admin" is given by the operator only']);
});

test.each(['\u3164', '\u2800', 'Planner\u00AD', '...', `A${'\u0301'.repeat(9)}`])('%j is no name', (client_name) => {
  expect(problems({ client_name })).toEqual([expect.stringContaining('client_name')]);
});
