import { expect, test } from 'vitest';
import {
  createResourceServer,
  isRefusal,
  type ReplayStore,
  type ResourceServerOptions,
  requirementOf,
} from '../index.ts';
import { createDpopKey, startTestIssuer } from '../testing/index.ts';

const resource = 'https://api.example/v1';
const url = 'https://api.example/v1/things?x=1';
const needs = requirementOf([]);

async function startTown(options: Partial<ResourceServerOptions<never>> = {}) {
  const issuer = await startTestIssuer({ audience: resource });
  const server = createResourceServer({ issuer: issuer.issuer, resource, realm: 'api', scopes: {}, ...options });
  const key = await createDpopKey();
  const bound = await issuer.accessToken({ cnf: { jkt: key.thumbprint } });
  return {
    issuer,
    server,
    key,
    bound,
    proof: (over: Partial<Parameters<typeof key.proof>[0]> = {}) =>
      key.proof({ method: 'POST', url, accessToken: bound, ...over }),
    ask: (...rawHeaders: string[]) => server.authorize({ method: 'POST', url: '/v1/things?x=1', rawHeaders }, needs),
    [Symbol.asyncDispose]: () => issuer[Symbol.asyncDispose](),
  };
}

test('RFC 9449: a bound token passes with a proof of its key, once', async () => {
  await using town = await startTown();
  const proof = await town.proof();
  expect(await town.ask('Authorization', `DPoP ${town.bound}`, 'DPoP', proof)).toMatchObject({ subject: 'alice' });
  const again = await town.ask('Authorization', `DPoP ${town.bound}`, 'DPoP', proof);
  expect(again).toMatchObject({ status: 401, error: 'invalid_dpop_proof', cause: 'presented before' });
  expect(isRefusal(again) && town.server.answer(again, needs).headers['WWW-Authenticate']).toMatch(
    /^Bearer realm="api", resource_metadata="[^"]+", DPoP algs="ES256 [^"]+", error="invalid_dpop_proof"/,
  );
});

test('a bound token that is sent as a bearer token is refused, with a proof beside it too', async () => {
  await using town = await startTown();
  expect(await town.ask('Authorization', `Bearer ${town.bound}`)).toMatchObject({ error: 'invalid_token' });
  expect(await town.ask('Authorization', `Bearer ${town.bound}`, 'DPoP', await town.proof())).toMatchObject({
    error: 'invalid_token',
  });
});

test('a token that is bound to nothing is no DPoP token', async () => {
  await using town = await startTown();
  const token = await town.issuer.accessToken();
  const proof = await town.proof({ accessToken: token });
  expect(await town.ask('Authorization', `DPoP ${token}`, 'DPoP', proof)).toMatchObject({ error: 'invalid_token' });
});

test('one DPoP header is expected, neither none nor two', async () => {
  await using town = await startTown();
  const authorization = ['Authorization', `DPoP ${town.bound}`];
  const malformed = { status: 400, error: 'invalid_request' };
  const proof = await town.proof();
  expect(await town.ask(...authorization)).toMatchObject(malformed);
  expect(await town.ask(...authorization, 'DPoP', proof, 'dpop', proof)).toMatchObject(malformed);
  expect(await town.ask(...authorization, 'DPoP', `${proof}, ${proof}`)).toMatchObject(malformed);
});

test.each([
  ['of another method', { method: 'GET' }],
  ['for another address', { url: 'https://api.example/v1/others' }],
  ['for another host', { url: 'https://evil.example/v1/things' }],
  ['for another token', { accessToken: 'other' }],
  ['that is old', { iat: Math.floor(Date.now() / 1000) - 120 }],
  ['of the future', { iat: Math.floor(Date.now() / 1000) + 60 }],
])('a proof %s is refused', async (_, over) => {
  await using town = await startTown();
  const proof = await town.proof(over);
  expect(await town.ask('Authorization', `DPoP ${town.bound}`, 'DPoP', proof)).toMatchObject({
    status: 401,
    error: 'invalid_dpop_proof',
    error_description: 'Invalid DPoP proof',
  });
});

test('the address of a proof is the configured one: behind a proxy that takes a prefix away it is with the prefix', async () => {
  await using town = await startTown({ publicUrl: 'https://public.example/todos/' });
  const authorization = [
    'Authorization',
    `DPoP ${town.bound}`,
    'Host',
    'evil.example',
    'X-Forwarded-Host',
    'evil.example',
  ];
  const good = await town.proof({ url: 'https://public.example/todos/v1/things' });
  expect(await town.ask(...authorization, 'DPoP', good)).toMatchObject({ subject: 'alice' });
  const forwarded = await town.proof({ url: 'https://evil.example/v1/things' });
  expect(await town.ask(...authorization, 'DPoP', forwarded)).toMatchObject({ status: 401 });
});

test('a request target that is no path does not become another address', async () => {
  await using town = await startTown({ publicUrl: 'https://api.example/v1' });
  const ask = async (target: string, htu: string) => {
    const proof = await town.proof({ url: htu });
    const rawHeaders = ['Authorization', `DPoP ${town.bound}`, 'DPoP', proof];
    return town.server.authorize({ method: 'POST', url: target, rawHeaders }, needs);
  };
  expect(await ask('/things', 'https://api.example/v1/things')).toMatchObject({ subject: 'alice' });
  for (const [target, htu] of [
    ['.evil.example/x', 'https://api.example/v1.evil.example/x'],
    ['m://evil/x', 'https://api.example/v1m://evil/x'],
    ['/../other', 'https://api.example/other'],
    ['/%2e%2e/other', 'https://api.example/other'],
    [':8443/x', 'https://api.example/v1:8443/x'],
  ] as const)
    expect(await ask(target, htu), target).toMatchObject({ error: 'invalid_dpop_proof' });
});

test('RFC 9449, section 9: with nonces on, the first answer brings one', async () => {
  let now = Date.now();
  await using town = await startTown({ dpop: { nonces: { windowSeconds: 60 } }, now: () => now });
  const ask = async (nonce?: string) =>
    town.ask('Authorization', `DPoP ${town.bound}`, 'DPoP', await town.proof(nonce === undefined ? {} : { nonce }));
  const refusal = await ask();
  expect(refusal).toMatchObject({ status: 401, error: 'use_dpop_nonce' });
  const nonce = isRefusal(refusal) ? town.server.answer(refusal, needs).headers['DPoP-Nonce'] : undefined;
  expect(await ask(nonce)).toMatchObject({ subject: 'alice' });
  expect(await ask('made up')).toMatchObject({ error: 'use_dpop_nonce' });
  now += 1_000_000;
  expect(await ask(nonce)).toMatchObject({ status: 401 });
});

test('a store that cannot tell lets nothing pass', async () => {
  const replays: ReplayStore = { spend: () => Promise.reject(new Error('away')) };
  await using town = await startTown({ dpop: { replays } });
  const answer = await town.ask('Authorization', `DPoP ${town.bound}`, 'DPoP', await town.proof());
  expect(answer).toMatchObject({ status: 503, error: 'temporarily_unavailable' });
});

test('where bound tokens are required, others are refused; where they are off, bound ones are', async () => {
  await using strict = await startTown({ dpop: { required: true } });
  expect(strict.server.metadata.document).toMatchObject({ dpop_bound_access_tokens_required: true });
  const unbound = await strict.issuer.accessToken();
  expect(await strict.ask('Authorization', `Bearer ${unbound}`)).toMatchObject({ error: 'invalid_token' });
  expect(await strict.ask('Authorization', `DPoP ${strict.bound}`, 'DPoP', await strict.proof())).toMatchObject({
    subject: 'alice',
  });

  await using off = await startTown({ dpop: false });
  expect(off.server.metadata.document).not.toHaveProperty('dpop_signing_alg_values_supported');
  expect(await off.ask('Authorization', `Bearer ${off.bound}`)).toMatchObject({ error: 'invalid_token' });
  const none = await off.ask('Authorization', `DPoP ${off.bound}`, 'DPoP', await off.proof());
  expect(none).toMatchObject({ error: 'unauthorized' });
  expect(isRefusal(none) && off.server.answer(none, needs).headers['WWW-Authenticate']).not.toContain('DPoP');
});

test.each([
  ['text', 'abc'],
  ['a list', []],
  ['nothing in it', {}],
  ['a key by value', { jwk: { kty: 'EC' } }],
  ['a key and something else', { jkt: 'x', kid: 'y' }],
  ['a number', { jkt: 7 }],
  ['null', null],
  ['a certificate', { 'x5t#S256': 'abc' }],
])('a token bound to what is not checked (%s) is refused', async (_, cnf) => {
  await using town = await startTown();
  const token = await town.issuer.accessToken({ cnf });
  for (const scheme of ['Bearer', 'DPoP'])
    expect(await town.ask('Authorization', `${scheme} ${token}`, 'DPoP', await town.proof())).toMatchObject({
      error: 'invalid_token',
    });
});

test('RFC 8705: a token bound to a certificate passes with that certificate in the proxy’s header, once it is read', async () => {
  const header = { header: 'X-Forwarded-Client-Cert', format: 'xfcc' } as const;
  const hash = 'ab'.repeat(32);
  const thumbprint = Buffer.from(hash, 'hex').toString('base64url');
  await using town = await startTown({ mtls: header });
  expect(town.server.metadata.document).toMatchObject({ tls_client_certificate_bound_access_tokens: true });
  const token = await town.issuer.accessToken({ cnf: { 'x5t#S256': thumbprint } });
  const ask = (...more: string[]) => town.ask('Authorization', `Bearer ${token}`, ...more);
  expect(await ask('x-forwarded-client-cert', `Hash=${hash}`)).toMatchObject({ subject: 'alice' });
  for (const wrong of [[], ['x-forwarded-client-cert', `Hash=${'cd'.repeat(32)}`], ['x-forwarded-client-cert', '%']])
    expect(await ask(...wrong)).toMatchObject({ error: 'invalid_token', error_description: 'Invalid token' });
});
