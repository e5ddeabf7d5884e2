import { expect, test } from 'vitest';
import { startTestIssuer } from '../testing/index.ts';
import { jsonFetcher } from './fetched-json.ts';
import { asymmetricAlgorithms, type IssuerOptions, issuerSettings } from './issuer-options.ts';
import { createTokenVerifiers } from './token-verifiers.ts';

const audience = 'https://api.example';
const defaults = { audiences: [audience], algorithms: asymmetricAlgorithms };

function verifiersOf(...issuers: readonly (string | IssuerOptions)[]) {
  return createTokenVerifiers({
    issuers: issuers.map((each) => issuerSettings(each, defaults)),
    fetchJson: jsonFetcher(fetch, 5_000),
    clockToleranceSeconds: 5,
    now: () => Date.now(),
    cacheEntries: 0,
  });
}

test('a token is checked with the keys of the issuer that it names, and with no others', async () => {
  await using one = await startTestIssuer({ audience });
  await using two = await startTestIssuer({ audience });
  await using stranger = await startTestIssuer({ audience });
  const verify = verifiersOf(one.issuer, two.issuer);
  expect(await verify(await one.accessToken())).toMatchObject({ issuer: one.issuer, subject: 'alice' });
  expect(await verify(await two.accessToken())).toMatchObject({ issuer: two.issuer });
  const bad = { error: 'invalid_token', error_description: 'Invalid token' };
  expect(await verify(await one.accessToken({ iss: two.issuer }))).toMatchObject(bad);
  expect(await verify(await stranger.accessToken())).toMatchObject(bad);
  for (const iss of [undefined, 7, '', '__proto__', [one.issuer]])
    expect(await verify(await one.accessToken({ iss }))).toMatchObject(bad);
  expect(stranger.requests).toEqual([]);
});

test('while one issuer is away, the others go on', async () => {
  await using one = await startTestIssuer({ audience });
  await using two = await startTestIssuer({ audience });
  const verify = verifiersOf(one.issuer, two.issuer);
  await one.leave();
  expect(await verify(await one.accessToken())).toMatchObject({ status: 503 });
  expect(await verify(await two.accessToken())).toMatchObject({ subject: 'alice' });
});

test('each issuer may have audiences, algorithms and an address of keys of its own', async () => {
  await using issuer = await startTestIssuer({ audience });
  const old = 'https://old.example';
  const verify = verifiersOf({ issuer: issuer.issuer, audiences: [audience, old], jwksUri: `${issuer.issuer}/jwks` });
  expect(await verify(await issuer.accessToken({ aud: old }))).toMatchObject({ subject: 'alice' });
  expect(await verify(await issuer.accessToken({ aud: ['x', old] }))).toMatchObject({ subject: 'alice' });
  expect(await verify(await issuer.accessToken({ aud: 'https://other.example' }))).toMatchObject({ status: 401 });
  expect(issuer.requests).toEqual(['/jwks']);
  const narrow = verifiersOf({ issuer: issuer.issuer, algorithms: ['EdDSA'] });
  expect(await narrow(await issuer.accessToken())).toMatchObject({ status: 401 });
});

test('a token of the strict profile has every claim and the type at+jwt', async () => {
  await using issuer = await startTestIssuer({ audience });
  const verify = verifiersOf(issuer.issuer);
  for (const claim of ['exp', 'iat', 'jti', 'sub', 'client_id'])
    expect(await verify(await issuer.accessToken({ [claim]: undefined })), claim).toMatchObject({ status: 401 });
  for (const typ of ['JWT', 'logout+jwt', ''])
    expect(await verify(await issuer.accessToken({}, { typ })), typ).toMatchObject({ status: 401 });
  expect(await verify(await issuer.accessToken({ scope: ['a'] }))).toMatchObject({ status: 401 });
});

test('an issuer older than RFC 9068 is taken when it is declared so', async () => {
  await using issuer = await startTestIssuer({ audience });
  const old = { issuer: issuer.issuer, profile: 'jwt', scopeClaim: 'scp', clientClaim: 'azp' } as const;
  const verify = verifiersOf({ ...old, isPerson: ({ sub }) => !sub.endsWith('@clients') });
  const claims = { iat: undefined, jti: undefined, client_id: undefined, azp: 'app', scp: ['a', 'b', 'a'] };
  expect(await verify(await issuer.accessToken(claims, { typ: 'JWT' }))).toMatchObject({
    clientId: 'app',
    scopes: ['a', 'b'],
    isPerson: true,
  });
  expect(await verify(await issuer.accessToken({ ...claims, scp: 'a b' }, { typ: undefined }))).toMatchObject({
    scopes: ['a', 'b'],
  });
  for (const wrong of [{ scp: { a: 1 } }, { scp: [7] }, { azp: undefined }, { exp: undefined }, { sub: 7 }])
    expect(await verify(await issuer.accessToken({ ...claims, ...wrong }, { typ: 'JWT' }))).toMatchObject({
      status: 401,
    });
  for (const typ of ['logout+jwt', 'dpop+jwt', 'secevent+jwt'])
    expect(await verify(await issuer.accessToken(claims, { typ }))).toMatchObject({ status: 401 });
  const service = await issuer.accessToken({ ...claims, sub: 'app@clients' }, { typ: 'JWT' });
  expect(await verify(service)).toMatchObject({ isPerson: false });
  // Where nobody has said how to tell, no token is a person's.
  const silent = verifiersOf(old);
  expect(await silent(await issuer.accessToken(claims, { typ: 'JWT' }))).toMatchObject({ isPerson: false });
});
