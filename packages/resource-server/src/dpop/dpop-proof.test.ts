import { CompactSign, generateKeyPair } from 'jose';
import { expect, test } from 'vitest';
import { createMemoryReplayStore } from '../replay/memory-replay-store.ts';
import { createDpopKey } from '../testing/dpop-key.ts';
import { checkDpopProof, type DpopOptions } from './dpop-proof.ts';
import { createDpopNonces } from './nonces.ts';

const start = Date.parse('2026-01-01T00:00:00Z');
const iat = start / 1000;
const accessToken = 'an.access.token';
const request = { method: 'GET', url: 'https://api.example/todos', accessToken };
const algorithms = ['ES256', 'ES384', 'ES512', 'RS256', 'PS256', 'EdDSA', 'Ed25519'];

const key = await createDpopKey();
const expected = { ...request, thumbprint: key.thumbprint };
const good = { ...request, iat };

function fresh(over: Partial<DpopOptions> = {}): DpopOptions {
  const now = () => start;
  return { algorithms, replays: createMemoryReplayStore({ now }), now, ...over };
}

test.each(algorithms)('a proof by a key of %s is good once', async (algorithm) => {
  const key = await createDpopKey(algorithm);
  const options = fresh();
  const proof = await key.proof(good);
  const check = () => checkDpopProof([proof], { ...expected, thumbprint: key.thumbprint }, options);
  expect(await check()).toEqual({ ok: true });
  expect(await check()).toEqual({ ok: false, failed: 'presented before', nonceRequired: false });
});

const other = await createDpopKey();
const proof = await key.proof(good);
const [header, claims, signature] = proof.split('.') as [string, string, string];
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const withKey = (jwk: unknown) => key.proof({ ...good, header: { jwk } });
const withClaim = (name: string, value: unknown) => key.proof({ ...good, claims: { [name]: value } });
const rsa = (bytes: number, e = 'AQAB') => ({ kty: 'RSA', n: Buffer.alloc(bytes, 0xff).toString('base64url'), e });

async function withCrit(): Promise<string> {
  const { privateKey } = await generateKeyPair('ES256');
  const header = { alg: 'ES256', typ: 'dpop+jwt', jwk: key.publicJwk, crit: ['x'], x: 1 };
  return new CompactSign(Buffer.from('{}')).setProtectedHeader(header).sign(privateKey, { crit: { x: true } });
}

test.each<[string, readonly (string | Promise<string>)[]]>([
  ['no proof', []],
  ['several proofs', [proof, proof]],
  ['several proofs', [`${proof}, ${proof}`]],
  ['several proofs', [`${proof},`]],
  ['too long', [`${header}.${claims}.${'A'.repeat(8192)}`]],
  ['not a JWT', ['']],
  ['not a JWT', ['x']],
  ['not a JWT', [`${header}.${claims}`]],
  ['not a JWT', [`${header}.${claims}.`]],
  ['not a JWT', [`${proof}.`]],
  ['not a JWT', [` ${proof}`]],
  ['not a JWT', [`${proof}=`]],
  ['not a JWT', [`${header}.${encoded([])}.${signature}`]],
  ['not a JWT', [`${encoded(null)}.${claims}.${signature}`]],
  ['not a JWT', [`${header}.${Buffer.from('{').toString('base64url')}.${signature}`]],
  ['a critical header parameter', [withCrit()]],
  ['another typ', [key.proof({ ...good, header: { typ: 'JWT' } })]],
  ['another typ', [key.proof({ ...good, header: { typ: undefined } })]],
  ['alg not allowed', [`${encoded({ typ: 'dpop+jwt', alg: 'none', jwk: key.publicJwk })}.${claims}.${signature}`]],
  ['alg not allowed', [`${encoded({ typ: 'dpop+jwt', alg: 'HS256', jwk: key.publicJwk })}.${claims}.${signature}`]],
  ['alg not allowed', [`${encoded({ typ: 'dpop+jwt', alg: ['ES256'], jwk: key.publicJwk })}.${claims}.${signature}`]],
  ['jwk is no public key', [withKey(undefined)]],
  ['jwk is no public key', [withKey('key')]],
  ['jwk is no public key', [withKey([])]],
  ['jwk is no public key', [withKey({ ...key.publicJwk, d: 'AAAA' })]],
  ['jwk is no public key', [withKey({ ...key.publicJwk, d: null })]],
  ['jwk is no public key', [withKey({ kty: 'oct', k: 'AAAA' })]],
  ['jwk is no public key', [withKey({ kty: 'constructor' })]],
  ['jwk is no public key', [withKey({ ...key.publicJwk, y: 7 })]],
  ['jwk is no public key', [withKey({ ...key.publicJwk, y: '' })]],
  ['jwk of an unsound size', [withKey(rsa(128))]],
  ['jwk of an unsound size', [withKey(rsa(255))]],
  ['jwk of an unsound size', [withKey(rsa(1025))]],
  ['jwk of an unsound size', [withKey(rsa(256, 'AQ'))]],
  ['jwk of an unsound size', [withKey(rsa(256, 'Ag'))]],
  ['jwk of an unsound size', [withKey(rsa(256, 'AQAAAAE'))]],
  ['jwk of an unsound size', [withKey(rsa(256, '!'))]],
  ['signature not of jwk', [withKey(other.publicJwk)]],
  ['signature not of jwk', [withKey(rsa(256))]],
  ['signature not of jwk', [withKey({ ...key.publicJwk, crv: 'P-384' })]],
  ['signature not of jwk', [withKey({ ...key.publicJwk, x: key.publicJwk.y })]],
  ['signature not of jwk', [withKey({ ...key.publicJwk, use: 'enc' })]],
  ['signature not of jwk', [`${header}.${encoded({})}.${signature}`]],
  ['jti missing or malformed', [withClaim('jti', undefined)]],
  ['jti missing or malformed', [withClaim('jti', '')]],
  ['jti missing or malformed', [withClaim('jti', 7)]],
  ['jti missing or malformed', [withClaim('jti', 'x'.repeat(257))]],
  ['htm missing or malformed', [withClaim('htm', undefined)]],
  ['htm missing or malformed', [withClaim('htm', ['GET'])]],
  ['htu missing or malformed', [withClaim('htu', undefined)]],
  ['htu missing or malformed', [withClaim('htu', {})]],
  ['iat missing or malformed', [withClaim('iat', undefined)]],
  ['iat missing or malformed', [withClaim('iat', `${iat}`)]],
  ['iat missing or malformed', [withClaim('iat', null)]],
  ['htm of another method', [key.proof({ ...good, method: 'POST' })]],
  ['htm of another method', [key.proof({ ...good, method: 'get' })]],
  ['htu of another address', [key.proof({ ...good, url: 'https://api.example/todos/1' })]],
  ['htu of another address', [key.proof({ ...good, url: 'http://api.example/todos' })]],
  ['htu of another address', [key.proof({ ...good, url: 'https://api.example@evil.example/todos' })]],
  ['htu of another address', [withClaim('htu', '/todos')]],
  ['iat too long ago', [key.proof({ ...good, iat: iat - 60.5 })]],
  ['iat too long ago', [withClaim('iat', -1e308)]],
  ['iat in the future', [key.proof({ ...good, iat: iat + 5.5 })]],
  ['iat in the future', [withClaim('iat', iat * 1000)]],
  ['ath of another access token', [key.proof({ ...good, accessToken: 'another' })]],
  ['ath of another access token', [withClaim('ath', undefined)]],
  ['ath of another access token', [withClaim('ath', [])]],
  ['not the key of the access token', [other.proof(good)]],
])('RFC 9449, section 4.3: %s (%#)', async (failed, proofs) => {
  const verdict = await checkDpopProof(await Promise.all(proofs), expected, fresh());
  expect(verdict).toMatchObject({ ok: false, failed, nonceRequired: false });
});

test.each([-60, 0, 5])('a proof of %d seconds from now is good', async (seconds) => {
  const proof = await key.proof({ ...good, iat: iat + seconds });
  expect(await checkDpopProof([proof], expected, fresh())).toEqual({ ok: true });
});

test('the address is the same in any spelling, and whatever the query', async () => {
  const htu = 'HTTPS://API.example:443/a/../%74odos?b=1#c';
  const proof = await withClaim('htu', htu);
  expect(await checkDpopProof([proof], { ...expected, url: `${request.url}?page=2` }, fresh())).toEqual({ ok: true });
});

test('an address of ours that is none is refused, not an exception', async () => {
  const verdict = await checkDpopProof([proof], { ...expected, url: 'https://api.example/%' }, fresh());
  expect(verdict).toMatchObject({ failed: 'htu of another address' });
});

test('with nonces, a proof needs one that is not outdated, and is told so', async () => {
  let now = start;
  const nonces = createDpopNonces({ now: () => now });
  const options = fresh({ nonces });
  const wanting = { ok: false, failed: 'nonce missing or outdated', nonceRequired: true };
  expect(await checkDpopProof([proof], expected, options)).toEqual(wanting);
  const nonce = nonces.issue();
  const check = async () => checkDpopProof([await key.proof({ ...good, nonce })], expected, options);
  expect(await check()).toEqual({ ok: true });
  now += 120_000;
  expect(await check()).toEqual(wanting);
});

test('one jti may serve each key and each address once; a proof that was refused may come again', async () => {
  const options = fresh();
  const jti = 'same';
  const check = async (maker = key, url = request.url) => {
    const proof = await maker.proof({ ...good, url, jti });
    return (await checkDpopProof([proof], { ...request, url, thumbprint: maker.thumbprint }, options)).ok;
  };
  expect(
    await checkDpopProof([await key.proof({ ...good, jti })], { ...expected, method: 'PUT' }, options),
  ).toMatchObject({ ok: false });
  expect([await check(), await check(other), await check(key, `${request.url}/1`)]).toEqual([true, true, true]);
  expect([await check(), await check(other), await check(key, `${request.url}/1`)]).toEqual([false, false, false]);
});

test('a proof is remembered for longer than it could pass', async () => {
  let now = start;
  const options = fresh({ now: () => now, replays: createMemoryReplayStore({ now: () => now }) });
  const proof = await key.proof({ ...good, iat: iat + 5 });
  expect(await checkDpopProof([proof], expected, options)).toEqual({ ok: true });
  for (let second = 0; second <= 65; second++) {
    now = start + second * 1000;
    await options.replays.spend(`other ${second}`, now + 60_000);
    expect(await checkDpopProof([proof], expected, options)).toMatchObject({ failed: 'presented before' });
  }
  now = start + 65_001;
  expect(await checkDpopProof([proof], expected, options)).toMatchObject({ failed: 'iat too long ago' });
});

test('of fifty requests with one proof at the same time, one is let in', async () => {
  const options = fresh();
  const verdicts = await Promise.all(Array.from({ length: 50 }, () => checkDpopProof([proof], expected, options)));
  expect(verdicts.filter(({ ok }) => ok)).toHaveLength(1);
});

test('a replay store that cannot tell lets nobody in: its error is passed on', async () => {
  const away = new Error('away');
  const full = createMemoryReplayStore({ maxEntries: 0 });
  await expect(checkDpopProof([proof], expected, fresh({ replays: full }))).rejects.toThrow('remembered already');
  const replays = { spend: () => Promise.reject(away) };
  await expect(checkDpopProof([proof], expected, fresh({ replays }))).rejects.toBe(away);
});
