import { describe, expect, test } from 'vitest';
import { createDpopKey } from '../testing/dpop-key.ts';
import { checkDpopProof } from './dpop-proof.ts';

const start = Date.parse('2026-01-01T00:00:00Z');
const request = { method: 'GET', url: 'https://api.example/todos', accessToken: 'an.access.token' };
const base64url = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Remembers nothing, so that nothing is refused for having been seen. */
const forgetful = { spend: () => true };

function whole(below: number, random: () => number): number {
  return Math.floor(random() * below);
}

/** The same numbers each time (a linear congruence modulo 2^32), so that what fails can be looked at. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** One byte changed, taken away or put in; half of them to what may stand in a JWT. */
function mutated(proof: string, random: () => number): string {
  const at = whole(proof.length, random);
  const byte = random() < 0.5 ? base64url.charAt(whole(64, random)) : String.fromCharCode(whole(256, random));
  const kept = whole(3, random);
  if (kept === 0) return proof.slice(0, at) + byte + proof.slice(at + 1);
  if (kept === 1) return proof.slice(0, at) + proof.slice(at + 1);
  return proof.slice(0, at) + byte + proof.slice(at);
}

describe.each(['ES256', 'RS256', 'Ed25519'])('a proof by a key of %s', async (algorithm) => {
  const key = await createDpopKey(algorithm);
  const proof = await key.proof({ ...request, iat: start / 1000 });
  const options = { algorithms: [algorithm], replays: forgetful, now: () => start };
  const check = (changed: string) => checkDpopProof([changed], { ...request, thumbprint: key.thumbprint }, options);

  test('is good, and with any one byte changed it is not', async () => {
    expect(await check(proof)).toEqual({ ok: true });
    const random = seeded(9449);
    for (let count = 0; count < 600; count++) {
      const changed = mutated(proof, random);
      if (changed === proof) continue;
      expect(await check(changed), changed).toMatchObject({ ok: false, nonceRequired: false });
    }
  });

  test('is good with no other last letter, though some would decode to the same signature', async () => {
    for (const letter of base64url) {
      if (proof.endsWith(letter)) continue;
      expect(await check(proof.slice(0, -1) + letter), letter).toMatchObject({ ok: false });
    }
  });
});

const values: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e300,
  '',
  'x',
  'é\u0000',
  [],
  [[]],
  {},
  { toString: 1 },
  'x'.repeat(5_000),
];
const members = ['typ', 'alg', 'jwk', 'crit', 'b64', '__proto__', 'kid', 'jti', 'htm', 'htu', 'iat', 'ath', 'nonce'];
const jwkMembers = ['kty', 'crv', 'x', 'y', 'n', 'e', 'd', 'use', 'key_ops', 'ext', 'alg', '__proto__', 'constructor'];
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

test('whatever a member is, the answer is a refusal and never an exception', async () => {
  const key = await createDpopKey();
  const options = { algorithms: ['ES256', 'RS256', 'EdDSA'], replays: forgetful, now: () => start };
  const good = { typ: 'dpop+jwt', alg: 'ES256', jwk: key.publicJwk };
  const claims = { jti: 'j', htm: 'GET', htu: request.url, iat: start / 1000 };
  const put = (into: object, member: string, value: unknown) =>
    JSON.parse(JSON.stringify(into).replace(/}$/, `,${JSON.stringify(member)}:${JSON.stringify(value)}}`));
  const made = values.flatMap((value) => [
    ...members.map((member) => [put(good, member, value), put(claims, member, value)]),
    ...jwkMembers.map((member) => [{ ...good, jwk: put(key.publicJwk, member, value) }, claims]),
    [value, claims],
    [good, value],
  ]);
  for (const [header, payload] of made) {
    for (const signature of ['AAAA', Buffer.alloc(64, 1).toString('base64url')]) {
      const proof = `${encoded(header)}.${encoded(payload)}.${signature}`;
      const verdict = await checkDpopProof([proof], { ...request, thumbprint: key.thumbprint }, options);
      expect(verdict, proof).toMatchObject({ ok: false });
    }
  }
});
