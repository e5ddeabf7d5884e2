import { type Draft, encoded } from './draft.ts';
import type { Edit } from './edit.ts';
import { nested, notAString, oddText } from './odd-values.ts';
import { type JwsEdit, signatureEdits } from './signature-edits.ts';
import { hmac } from './signer.ts';

const algorithms = [
  'none',
  'None',
  'NONE',
  'nOnE',
  '',
  'HS256',
  'HS512',
  'ES256K',
  'ES384',
  'RS1',
  'RSA1_5',
  'dir',
  'A128KW',
];
const tricks = [
  '../../etc/passwd',
  '/dev/null',
  "' OR '1'='1",
  "x' UNION SELECT 'secret' --",
  '__proto__',
  'constructor',
  '%00',
];

const jwsEdits: readonly JwsEdit[] = [
  {
    name: 'alg none, without a signature',
    apply(jws, { random }) {
      jws.header.set('alg', JSON.stringify(random.pick(algorithms.slice(0, 5))));
      jws.signature = random.chance(0.5) ? () => '' : (_, good) => encoded(good);
    },
  },
  {
    name: 'alg of another kind',
    apply(jws, { random }) {
      const { alg } = jws.signer;
      const others = [...algorithms, 'ES512', 'RS384', 'PS256', 'EdDSA', alg === 'ES256' ? 'RS256' : 'ES256'];
      jws.header.set('alg', random.chance(0.7) ? JSON.stringify(random.pick(others)) : notAString(random));
    },
  },
  {
    name: 'HS256 with what is public as the secret',
    apply(jws, { random }) {
      const { publicPem, publicJwk, kid } = jws.signer;
      const secrets = [
        publicPem,
        publicPem.trim(),
        JSON.stringify(publicJwk),
        JSON.stringify({ keys: [publicJwk] }),
        kid,
      ];
      jws.header.set('alg', '"HS256"');
      const secret = random.pick([...secrets, String(publicJwk.x ?? publicJwk.n), '']);
      jws.signature = (input) => encoded(hmac(input, secret));
    },
  },
  {
    name: "signed with a stranger's key, under the known name",
    apply(jws, { stranger }) {
      jws.signer = { ...stranger, kid: jws.signer.kid };
      jws.header.set('alg', '"ES256"');
    },
  },
  {
    name: 'brings a key of its own along',
    apply(jws, { random, stranger }) {
      const jwk = JSON.stringify(stranger.publicJwk);
      const url = random.pick(['https://evil.example/jwks', 'http://127.0.0.1/jwks', 'file:///etc/passwd', 'data:,{}']);
      const [name, value] = random.pick([
        ['jwk', jwk],
        ['jku', JSON.stringify(url)],
        ['x5u', JSON.stringify(url)],
        ['x5c', JSON.stringify([encoded(random.bytes(100))])],
        ['x5t#S256', JSON.stringify(encoded(random.bytes(32)))],
      ] as const);
      // NOTE: in a proof the key belongs in the header: there this is a stranger's proof.
      jws.header.set(name, value).set('alg', '"ES256"');
      if (random.chance(0.5)) jws.header.set('kid', JSON.stringify(stranger.kid));
      jws.signer = stranger;
    },
  },
  {
    name: 'crit',
    apply(jws, { random }) {
      const odd = ['[]', '["exp"]', '["typ"]', '"exp"', '[7]', '[""]', '["__proto__"]', 'null', '{}', '["b64","exp"]'];
      if (random.chance(0.3)) jws.header.set('crit', '["b64"]').set('b64', 'false');
      else jws.header.set('crit', random.chance(0.8) ? random.pick(odd) : notAString(random));
    },
  },
  {
    name: 'a header that is no object',
    apply(jws, { random }) {
      jws.headerText = random.pick([
        'null',
        '7',
        '"x"',
        '[]',
        '',
        '{',
        '{}}',
        '\u0000',
        'eyJ',
        nested(random, 4).replace(/^\{.*/s, '[]'),
      ]);
    },
  },
  {
    name: 'alg twice, the second one none',
    apply(jws) {
      jws.headerText = `{${[...jws.header].map(([name, value]) => `"${name}":${value}`).join(',')},"alg":"none"}`;
    },
  },
  ...signatureEdits,
];

const ofToken: readonly JwsEdit[] = [
  {
    name: 'typ of another kind of token',
    apply({ header }, { random, lax }) {
      const others = ['dpop+jwt', 'refresh+jwt', 'logout+jwt', 'at jwt', 'at+jwt+x', ' at+jwt', 'jose', 'text/at+jwt'];
      header.set(
        'typ',
        random.chance(0.8)
          ? JSON.stringify(random.pick(lax ? others : [...others, 'JWT', 'application/jwt']))
          : notAString(random),
      );
    },
  },
  {
    name: 'kid that names no key',
    apply({ header }, { random }) {
      header.set('kid', JSON.stringify(random.chance(0.5) ? random.pick(tricks) : oddText(random)));
    },
  },
];

export const tokenJwsEdits = [...jwsEdits, ...ofToken].map(
  (edit): Edit => ({
    name: `token: ${edit.name}`,
    meets: edit.harmless ? ['accepted'] : ['invalid'],
    fits: ({ opaque }) => !opaque,
    apply: ({ token }, context) => edit.apply(token, context),
  }),
);

export const proofJwsEdits = jwsEdits.map(
  (edit): Edit => ({
    name: `proof: ${edit.name}`,
    meets: edit.harmless ? ['accepted'] : ['proof'],
    fits: ({ proof }) => proof !== undefined,
    apply: ({ proof }: Draft, context) => proof && edit.apply(proof, context),
  }),
);
