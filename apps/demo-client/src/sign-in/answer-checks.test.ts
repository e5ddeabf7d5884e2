import * as oidc from 'openid-client';
import { expect, test } from 'vitest';
import { answerChecks } from './answer-checks.ts';

const configuration = new oidc.Configuration(
  { issuer: 'https://as.example', token_endpoint: 'https://as.example/token', jwks_uri: 'https://as.example/jwks' },
  'an-app',
  { id_token_signed_response_alg: 'ES256' },
);
oidc.enableNonRepudiationChecks(configuration);

const names = ({ received, sent }: ReturnType<typeof answerChecks>) =>
  [...received, ...sent].map(({ name, outcome, detail }) => `${name} ${outcome}${detail ? `: ${detail}` : ''}`);

/** What is found in an answer of the library's own making. */
async function found(query: string, claims: Record<string, unknown>, tokenStatus = 200): Promise<string[]> {
  const now = Math.floor(Date.now() / 1000);
  const all = { iss: 'https://as.example', aud: 'an-app', sub: 's', iat: now, exp: now + 60, nonce: 'n', ...claims };
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const idToken = `${part({ alg: 'ES256', kid: 'unknown' })}.${part(all)}.${Buffer.alloc(64).toString('base64url')}`;
  const tokens = { access_token: 'at', token_type: 'Bearer', id_token: idToken };
  const refusal = { error: 'invalid_grant' };
  configuration[oidc.customFetch] = async (url) =>
    url.endsWith('/jwks')
      ? Response.json({ keys: [] })
      : Response.json(tokenStatus === 200 ? tokens : refusal, { status: tokenStatus });
  try {
    await oidc.authorizationCodeGrant(configuration, new URL(`https://app.example/auth/callback?state=s&${query}`), {
      expectedState: 's',
      expectedNonce: 'n',
      pkceCodeVerifier: 'v',
      idTokenExpected: true,
    });
  } catch (error) {
    return names(answerChecks(query.includes('iss='), error));
  }
  return [];
}

const iss = 'iss=https%3A%2F%2Fas.example';

test('what the library has looked at is named, up to what did not hold', async () => {
  expect(names(answerChecks(true))).toEqual(['iss passed', 'nonce passed', 'id_token passed']);
  expect(names(answerChecks(false))).toEqual(['nonce passed', 'id_token passed']);
  expect(await found('iss=https%3A%2F%2Fother.example&code=c', {})).toEqual(['iss failed']);
  expect(await found(`${iss}&error=access_denied`, {})).toEqual(['iss passed']);
  expect(await found(`${iss}&code=c`, {}, 400)).toEqual(['iss passed']);
  expect(await found(`${iss}&code=c`, { nonce: 'other' })).toEqual(['iss passed', 'nonce failed']);
  expect(await found(`${iss}&code=c`, { nonce: undefined })).toEqual(['iss passed', 'nonce failed']);
  expect(await found(`${iss}&code=c`, { aud: 'other' })).toEqual(['iss passed', 'id_token failed: its aud']);
  expect(await found(`${iss}&code=c`, { iss: 'https://other.example' })).toEqual([
    'iss passed',
    'id_token failed: its iss',
  ]);
  expect(await found(`${iss}&code=c`, { exp: 1 })).toEqual(['iss passed', 'id_token failed: its exp']);
  expect(await found(`${iss}&code=c`, {})).toEqual(['iss passed', 'nonce passed', 'id_token failed: its signature']);
});

test('where nobody answered, or something else broke, nothing is claimed', () => {
  expect(names(answerChecks(true, new TypeError('fetch failed')))).toEqual([]);
  expect(names(answerChecks(true, new Error('the token answer has no ID token')))).toEqual([]);
  expect(names(answerChecks(true, 'anything'))).toEqual([]);
});
