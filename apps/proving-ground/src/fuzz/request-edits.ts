import { encoded } from './draft.ts';
import type { Edit } from './edit.ts';
import { oddText } from './odd-values.ts';

/** What is wrong with the request around a token and a proof that are good. */
export const requestEdits: readonly Edit[] = [
  {
    name: 'another scheme',
    meets: ['none'],
    apply(draft, { random }) {
      const schemes = ['Basic', 'Digest', 'Bearerx', 'xBearer', 'Token', 'JWT', '\u00a0Bearer', 'Вearer'];
      draft.scheme = random.pick(schemes);
    },
  },
  {
    name: 'a scheme that is garbled',
    meets: ['malformed'],
    apply(draft, { random }) {
      draft.scheme = random.pick(['Bearer:', 'Bearer,', 'bearer;', 'Bearer="']);
    },
  },
  {
    name: 'the scheme in other letters',
    meets: ['accepted'],
    apply(draft, { random }) {
      draft.scheme = [...draft.scheme]
        .map((letter) => (random.chance(0.5) ? letter.toUpperCase() : letter.toLowerCase()))
        .join('');
    },
  },
  {
    name: 'blanks around scheme and token',
    meets: ['accepted'],
    apply(draft, { random }) {
      const blanks = () => Array.from({ length: random.below(4) }, () => random.pick([' ', '\t'])).join('');
      draft.scheme = `${blanks()}${draft.scheme}${blanks()}`;
    },
  },
  {
    name: 'a token too many',
    meets: ['malformed'],
    apply(draft, { random }) {
      draft.scheme += ` ${random.pick(['x', 'Bearer', ',', 'x,', oddText(random).replace(/[\s"]/g, '') || 'x'])}`;
    },
  },
  {
    name: 'no token after the scheme',
    meets: ['malformed', 'none'],
    apply(draft, { random }) {
      draft.authorization = random.pick(['Bearer', 'bearer ', 'Bearer\t', 'DPoP']);
    },
  },
  {
    name: 'a second Authorization header',
    meets: ['malformed'],
    apply(draft, { random }) {
      const value = random.pick(['Bearer x', '', 'Basic YTpi', `Bearer ${oddText(random)}`]);
      draft.headers.push([random.pick(['authorization', 'AUTHORIZATION', 'Authorization']), value]);
    },
  },
  {
    name: 'a token in the query string',
    meets: ['malformed'],
    apply(draft, { random }) {
      const names = ['access_token', 'access%5Ftoken', '%61ccess_token', 'a=1&access_token'];
      draft.url += `?${random.pick(names)}=${random.pick(['x', '', encoded(random.bytes(20))])}`;
    },
  },
  {
    name: 'what only looks like a token in the query string',
    meets: ['accepted'],
    apply(draft, { random }) {
      draft.url += random.pick(['?token=x', '?access_tokens=x', '?Access_Token=x', '?a=access_token', '?%']);
    },
  },
  {
    name: 'a bound token as a bearer token',
    meets: ['invalid'],
    fits: ({ proof }) => proof !== undefined,
    apply(draft) {
      draft.scheme = 'Bearer';
    },
  },
  {
    name: 'a free token with the scheme DPoP',
    meets: ['invalid', 'none'],
    fits: ({ proof }) => proof === undefined,
    apply(draft) {
      draft.scheme = 'DPoP';
    },
  },
  {
    name: 'a second proof',
    meets: ['malformed'],
    fits: ({ proof }) => proof !== undefined,
    apply(draft, { random }) {
      draft.headers.push([random.pick(['dpop', 'DPOP']), random.pick(['', 'x', 'a.b.c'])]);
    },
  },
  {
    name: 'the proof of another method',
    meets: ['proof'],
    fits: ({ proof }) => proof !== undefined,
    apply(draft, { random }) {
      draft.method = random.pick(['POST', 'DELETE', 'HEAD', 'get']);
    },
  },
  {
    name: 'the proof of another address',
    meets: ['proof'],
    fits: ({ proof }) => proof !== undefined,
    apply(draft, { random }) {
      draft.url = random.pick([
        '/api/todos/1',
        '/api/todo',
        '/api//todos',
        '/',
        '/api/todos/',
        '//evil.example/api/todos',
        '/%',
      ]);
    },
  },
  {
    name: 'another certificate, or none',
    meets: ['invalid'],
    fits: ({ headers }) => headers.some(([name]) => name === 'X-Client-Certificate'),
    apply(draft, { random }) {
      const [, good = ''] = draft.headers[0] ?? [];
      const name = 'x-client-certificate';
      draft.headers = random.pick<() => (readonly [string, string])[]>([
        () => [],
        () => [[name, `Hash=${random.bytes(32).toString('hex')}`]],
        () => [[name, `${good},${good}`]],
        () => [
          [name, good],
          [name, good],
        ],
        () => [[name, good.slice(0, -1)]],
        () => [[name, `${good};${good}`]],
        () => [[name, oddText(random)]],
      ])();
    },
  },
];
