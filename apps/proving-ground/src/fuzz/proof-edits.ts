import { encoded, type JwsDraft } from './draft.ts';
import type { Edit, EditContext } from './edit.ts';
import { notANumber, notAString, oddText } from './odd-values.ts';

/** Claims and keys of a DPoP proof (RFC 9449, section 4.3), signed by the client all the same. */
export const proofEdits: readonly Edit[] = [
  claim('typ of another kind', (proof, { random }) => {
    const others = ['at+jwt', 'JWT', 'DPOP+JWT', 'dpop+jwt ', 'application/dpop+jwt', ''];
    proof.header.set('typ', random.chance(0.7) ? JSON.stringify(random.pick(others)) : notAString(random));
  }),
  claim('made by a stranger', (proof, { stranger }) => {
    proof.header.set('jwk', JSON.stringify(stranger.publicJwk)).set('alg', '"ES256"');
    proof.signer = stranger;
  }),
  claim('jwk with its private half', (proof) => proof.header.set('jwk', JSON.stringify(proof.signer.privateJwk))),
  claim('jwk that is none', (proof, { random }) => {
    const odd = ['{"kty":"oct","k":"AAAA"}', '{"kty":"EC"}', '{"kty":"constructor"}', '{}'];
    proof.header.set('jwk', random.chance(0.5) ? random.pick(odd) : notAString(random));
  }),
  claim('jwk with a coordinate of its own', (proof, { random }) => {
    const member = random.pick(['x', 'y', 'crv', 'kty']);
    const value = random.chance(0.5) ? encoded(random.bytes(32)) : oddText(random);
    proof.header.set('jwk', JSON.stringify({ ...proof.signer.publicJwk, [member]: value }));
  }),
  claim('jwk is gone', (proof) => proof.header.delete('jwk')),
  member('jti', (c) =>
    c.random.chance(0.5) ? notAString(c.random) : c.random.pick(['""', JSON.stringify('x'.repeat(257))]),
  ),
  member('htm', (c) => text(c, ['POST', 'get', 'GET ', 'HEAD', '', 'G\u0000ET'])),
  member('htu', (c) =>
    text(c, [
      `${c.resource}/todos/`,
      `${c.resource}/todos/1`,
      `${c.resource}//todos`,
      `${c.resource}/TODOS`,
      c.resource.replace('://', '://user@'),
      `${c.resource.replace(/^\w+/, 'ftp')}/todos`,
      `${c.resource.replaceAll('/', '\\')}\\todos`,
      'https://evil.example/api/todos',
      '/api/todos',
      '',
    ]),
  ),
  member('iat', (c) => (c.random.chance(0.5) ? notANumber(c.random) : String(outside(c)))),
  member('ath', (c) => text(c, [c.stranger.thumbprint, '', `${c.stranger.thumbprint}=`])),
  claim('without a claim', (proof, { random }) => {
    const gone = random.pick(['jti', 'htm', 'htu', 'iat']);
    proof.claims.delete(gone);
  }),
  {
    name: 'proof: without ath',
    meets: ['proof'],
    fits: ({ proof }) => proof !== undefined,
    apply(draft) {
      draft.ath = false;
    },
  },
  {
    name: 'proof: without a nonce of ours',
    meets: ['nonce'],
    fits: ({ proof }) => proof?.claims.has('nonce') ?? false,
    apply({ proof }, c) {
      if (c.random.chance(0.3)) proof?.claims.delete('nonce');
      else proof?.claims.set('nonce', text(c, ['', 'x', encoded(c.random.bytes(32))]));
    },
  },
];

function claim(name: string, apply: (proof: JwsDraft, context: EditContext) => unknown): Edit {
  return {
    name: `proof: ${name}`,
    meets: ['proof'],
    fits: ({ proof }) => proof !== undefined,
    apply: ({ proof }, context) => void (proof && apply(proof, context)),
  };
}

function member(name: string, value: (context: EditContext) => string): Edit {
  return claim(`another ${name}`, (proof, context) => proof.claims.set(name, value(context)));
}

function text({ random }: EditContext, texts: readonly string[]): string {
  return random.chance(0.7) ? JSON.stringify(random.pick(texts)) : notAString(random);
}

/** Seconds; a proof is good for a minute, and five seconds before its time. */
function outside({ random, now }: EditContext): number {
  const seconds = Math.floor(now / 1000);
  return random.chance(0.5) ? seconds - 62 - random.below(1e6) : seconds + 7 + random.below(1e6);
}
