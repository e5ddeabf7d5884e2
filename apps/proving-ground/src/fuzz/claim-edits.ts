import type { Draft, JwsDraft } from './draft.ts';
import type { Edit, EditContext } from './edit.ts';
import { nested, notANumber, notAString, oddText, unlike } from './odd-values.ts';

/** Claims of an access token, signed by its issuer all the same: a good signature makes no bad claim good. */
export const claimEdits: readonly Edit[] = [
  bad('iss is no text', 'iss', (c) => notAString(c.random)),
  bad('iss of another', 'iss', (c) => JSON.stringify(unlike(c.issuer, c.random))),
  bad('aud is no text', 'aud', (c) => notAString(c.random)),
  bad('aud of another', 'aud', (c) => JSON.stringify(unlike(c.resource, c.random))),
  bad('aud has others only', 'aud', (c) => JSON.stringify([unlike(c.resource, c.random), oddText(c.random)])),
  bad('aud is nested', 'aud', (c) => JSON.stringify([[c.resource]])),
  bad('aud is gone', 'aud', () => undefined),
  bad('sub is no text', 'sub', (c) => notAString(c.random)),
  bad('sub is empty', 'sub', () => '""'),
  bad('sub is gone', 'sub', () => undefined),
  bad('sub is in __proto__ only', 'sub', () => undefined, { beside: ['__proto__', '{"sub":"alice"}'] }),
  bad('exp is no number', 'exp', (c) => notANumber(c.random)),
  bad('exp is gone', 'exp', () => undefined),
  bad('exp is in __proto__ only', 'exp', () => undefined, { beside: ['__proto__', '{"exp":9e9}'] }),
  expired('exp is over', (c) => String(Math.floor(c.now / 1000) - 6 - c.random.below(1e6))),
  expired('exp is far away in the past', (c) => c.random.pick(['0', '-1', '-1e300', '1', '5e-324', '-0'])),
  bad('nbf is no number', 'nbf', (c) => notANumber(c.random)),
  bad('nbf is in the future', 'nbf', (c) => String(Math.floor(c.now / 1000) + 7 + c.random.below(1e6))),
  bad('iat is no number', 'iat', (c) => notANumber(c.random)),
  bad('iat is gone', 'iat', () => undefined, { strictOnly: true }),
  bad('jti is no text', 'jti', (c) => notAString(c.random)),
  bad('jti is empty', 'jti', () => '""'),
  bad('jti is gone', 'jti', () => undefined, { strictOnly: true }),
  bad('client_id is no text', 'client_id', (c) => notAString(c.random)),
  bad('client_id is gone', 'client_id', () => undefined),
  bad('auth_time is no number', 'auth_time', (c) => notANumber(c.random)),
  bad('acr is no text', 'acr', (c) => notAString(c.random)),
  bad('scopes of another shape', 'scope', (c) => shapeless(c)),
  {
    name: 'the scope is not there',
    meets: ['scope'],
    apply: ({ token }, c) => token.claims.set(c.scopeClaim, JSON.stringify(unlikeScope(c))),
  },
  {
    name: 'a client for itself',
    meets: ['denied'],
    apply: ({ token }) => token.claims.set('sub', token.claims.get('client_id') ?? ''),
  },
  {
    name: 'bound to something else',
    meets: ['invalid', 'proof'],
    apply: ({ token, proof }, c) => token.claims.set('cnf', otherBinding(c, proof)),
  },
  {
    name: 'bound no longer',
    meets: ['invalid'],
    fits: ({ proof }) => proof !== undefined,
    apply: ({ token }) => void token.claims.delete('cnf'),
  },
  {
    name: 'claims that are no object',
    meets: ['invalid'],
    fits: ({ opaque }) => !opaque,
    apply({ token }, { random }) {
      const deep = 1 + random.below(2_000);
      const texts = [
        'null',
        '7',
        '"x"',
        '[]',
        '',
        '{',
        '{}}',
        '\u0000',
        '\ufeff{}',
        `${'['.repeat(deep)}${']'.repeat(deep)}`,
      ];
      token.claimsText = random.chance(0.8) ? random.pick(texts) : nested(random, 6).replace(/^\{.*/s, '[{}]');
    },
  },
];

interface Limits {
  /** An issuer of an older kind need not send it, nor need introspection say it. */
  readonly strictOnly?: boolean;
  readonly beside?: readonly [name: string, value: string];
}

function bad(name: string, claim: string, value: (c: EditContext) => string | undefined, limits: Limits = {}): Edit {
  return {
    name,
    meets: ['invalid'],
    fits: (draft, context) => !(limits.strictOnly && (context.lax || draft.opaque)),
    apply({ token }, context) {
      put(token, claim === 'scope' ? context.scopeClaim : claim, value(context));
      if (limits.beside) token.claims.set(...limits.beside);
    },
  };
}

function expired(name: string, value: (c: EditContext) => string): Edit {
  return { name, meets: ['expired'], apply: ({ token }, context) => put(token, 'exp', value(context)) };
}

function put({ claims }: JwsDraft, claim: string, value: string | undefined): void {
  if (value === undefined) claims.delete(claim);
  else claims.set(claim, value);
}

/** A list is none where RFC 9068 counts; where lists are allowed, one with something in it that is no text. */
function shapeless({ random, scopeClaim }: EditContext): string {
  if (scopeClaim === 'scope') return random.chance(0.3) ? '["read:todos"]' : notAString(random);
  return random.pick([
    'null',
    '7',
    'true',
    '{}',
    '{"0":"read:todos"}',
    '[7]',
    '["read:todos",null]',
    '[["read:todos"]]',
  ]);
}

function unlikeScope({ random }: EditContext): string {
  const near = [
    '',
    ' ',
    'read',
    'READ:TODOS',
    'read:todos2',
    'xread:todos',
    'read:todos,write:todos',
    'write:todos admin',
  ];
  const odd = ['read:todos\t', 'read:todos\u00a0', 'read:todos\u0000', '"read:todos"', '__proto__ constructor'];
  return random.chance(0.7) ? random.pick([...near, ...odd]) : oddText(random);
}

function otherBinding({ random, stranger }: EditContext, proof: Draft['proof']): string {
  const text = JSON.stringify(stranger.thumbprint);
  const odd = [
    'null',
    '[]',
    '{}',
    '7',
    '""',
    '"x"',
    '{"jwk":{}}',
    '{"kid":"x"}',
    '{"jkt":7}',
    '{"jkt":""}',
    '{"jkt":null}',
  ];
  const others = [`{"x5t#S256":${text}}`, `{"jkt":${text},"x5t#S256":${text}}`, `{"jkt":${text},"kid":"x"}`];
  return proof || random.chance(0.3)
    ? random.pick([...odd, ...others, `{"jkt":${text}}`])
    : random.pick([...odd, ...others]);
}
