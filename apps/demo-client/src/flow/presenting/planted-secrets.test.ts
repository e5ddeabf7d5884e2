import { createHash } from 'node:crypto';
import type { Exchange, HeaderList, Party } from '@latchkey/flow-reports';
import { expect, test } from 'vitest';
import { curlOf } from '../exports/curl.ts';
import { harOf } from '../exports/har.ts';
import { mermaidOf } from '../exports/mermaid.ts';
import { presentExchange } from './present-exchange.ts';

/** The same on every run; a case that fails names its seed. */
function drawing(seed: number) {
  let drawn = 0;
  const bytes = (length: number) =>
    Buffer.concat(
      Array.from({ length: Math.ceil(length / 32) }, () => createHash('sha256').update(`${seed} ${drawn++}`).digest()),
    ).subarray(0, length);
  const below = (limit: number) => bytes(4).readUInt32BE() % limit;
  const pick = <Item>(items: readonly Item[]) => items[below(items.length)] as Item;
  return { bytes, below, pick };
}
type Drawing = ReturnType<typeof drawing>;

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const longWord = (draw: Drawing) => draw.bytes(32).toString('base64url');

/** The part of a secret that must not come out, and the secret around it. */
const shapes: readonly ((draw: Drawing) => readonly [hidden: string, whole: string])[] = [
  (draw) => same(draw.bytes(32).toString('base64url')),
  (draw) => same(draw.bytes(16).toString('base64url')),
  (draw) => same(draw.bytes(32).toString('hex')),
  (draw) => same(draw.bytes(33).toString('base64')),
  (draw) => {
    const signature = draw.bytes(64).toString('base64url');
    const [header, claims] = [part({ alg: 'ES256', typ: 'at+jwt' }), part({ sub: 'alice', jti: 'x' })];
    return [signature, `${header}.${claims}.${signature}`];
  },
  // An encrypted token: five parts (RFC 7516).
  (draw) => {
    const sealed = draw.bytes(64).toString('base64url');
    return [sealed, `${part({ alg: 'dir', enc: 'A256GCM' })}..${longWord(draw)}.${sealed}.${longWord(draw)}`];
  },
];
const same = (secret: string) => [secret, secret] as const;

type Planted = Pick<Exchange, 'request' | 'answer' | 'failure' | 'checks'>;
type Place = (secret: string, draw: Drawing) => Partial<Planted> & { readonly url?: string };

/** Names that say nothing, by which a program might send a secret all the same. */
const anyName = [
  'thing',
  'x',
  'value',
  'error',
  'error_description',
  'scope',
  'message',
  'title',
  'prompt',
  'constructor',
];
const secretName = [
  'code',
  'code_verifier',
  'access_token',
  'refresh_token',
  'id_token',
  'client_secret',
  'request_uri',
];
const publicName = ['client_id', 'code_challenge', 'dpop_jkt', 'sub', 'jti', 'kid', 'id', 'iss', 'redirect_uri'];

const form = 'application/x-www-form-urlencoded';
const request = (changes: Partial<Exchange['request']>) => ({
  request: { method: 'POST', url: 'https://login.example/token', headers: [], ...changes },
});
const answer = (headers: HeaderList, body?: string) => ({
  answer: { status: 200, headers, ...(body !== undefined && { body }) },
});
const json: HeaderList = [['Content-Type', 'application/json']];

const places: Readonly<Record<string, Place>> = {
  path: (s) => request({ url: `https://login.example/things/${encodeURIComponent(s)}/more` }),
  query: (s, d) => request({ url: `https://login.example/a?${new URLSearchParams({ [d.pick(anyName)]: s })}` }),
  'name in a query': (s) => request({ url: `https://login.example/a?${encodeURIComponent(s)}=1` }),
  form: (s, d) =>
    request({ headers: [['content-type', form]], body: `${new URLSearchParams({ [d.pick(anyName)]: s })}` }),
  'form that is none': (s) => request({ headers: [['content-type', form]], body: s }),
  'text before and after': (s, d) =>
    answer(json, JSON.stringify({ [d.pick(anyName)]: `the token ${s} is "bad", (${s})` })),
  JSON: (s, d) => answer(json, JSON.stringify({ [d.pick([...anyName, ...secretName])]: s })),
  'JSON within JSON': (s, d) =>
    answer(json, JSON.stringify({ a: [{ [d.pick(anyName)]: { [d.pick(secretName)]: s } }] })),
  'JSON within text': (s) => answer(json, JSON.stringify({ thing: JSON.stringify({ refresh_token: s }) })),
  'name in JSON': (s) => answer(json, JSON.stringify({ [s]: { [s]: 1 } })),
  'list of JSON': (s) => answer(json, JSON.stringify([s, { id: s }])),
  'text as JSON': (s) => answer(json, JSON.stringify(s)),
  'no JSON': (s) => answer([['Content-Type', 'text/html']], `<input value="${s}">`),
  'known header': (s, d) =>
    request({
      headers: [[d.pick(['Authorization', 'DPoP', 'DPoP-Nonce', 'Origin', 'ETag', 'Traceparent', 'Link']), s]],
    }),
  scheme: (s, d) => request({ headers: [['authorization', `${d.pick(['Bearer', 'DPoP', 'Basic', 'Other'])} ${s}`]] }),
  'unknown header': (s) => answer([['X-Thing', s]]),
  challenge: (s) => answer([['WWW-Authenticate', `Bearer error="invalid_token", error_description="${s}"`]]),
  cookie: (s, d) =>
    request({ headers: [['Cookie', d.pick([`a=${s}; b=${s}`, s, `${s}=1`, `latchkey_session=${s}`])]] }),
  'set cookie': (s, d) => answer([['Set-Cookie', d.pick([`a=${s}; Path=/`, `${s}; Path=/`, `a=b; Path=/x/${s}`])]]),
  location: (s, d) =>
    answer([
      [
        'Location',
        d.pick([
          `https://app.example/cb?code=${encodeURIComponent(s)}`,
          `https://app.example/cb#access_token=${encodeURIComponent(s)}&x=1`,
          `https://app.example/cb#${s}`,
          `https://alice:${encodeURIComponent(s)}@app.example/`,
          `/next?return_to=${encodeURIComponent(`/cb?code=${encodeURIComponent(s)}`)}`,
          `app:/cb?code=${encodeURIComponent(s)}`,
          `/reset/${encodeURIComponent(s)}`,
        ]),
      ],
    ]),
  'address in an address': (s, d) =>
    request({
      url: `https://login.example/a?${new URLSearchParams({ [d.pick(['redirect_uri', 'iss', 'thing'])]: `https://a.example/?code=${encodeURIComponent(s)}` })}`,
    }),
  'no address': (s) => request({ url: `https://login.example:x/${s}` }),
  finding: (s) => ({ checks: [{ by: 'api', name: 'signature', outcome: 'failed', detail: `found ${s}` }] }),
  failure: (s) => ({ failure: `connect ${s}` }),
  // In one place by its name, in another by a name of something public.
  'public name': (s, d) => ({
    ...request({ url: `https://login.example/a?${new URLSearchParams({ [d.pick(publicName)]: s })}` }),
    ...answer(json, JSON.stringify({ [d.pick(secretName)]: s })),
  }),
  'claim of a token': (s) =>
    answer(json, JSON.stringify({ access_token: `${part({ alg: 'ES256' })}.${part({ thing: s, a: { code: s } })}.x` })),
};

function exchangeWith(planted: Partial<Planted>, draw: Drawing): Exchange {
  const parties: readonly Party[] = ['client', 'authorization-server', 'api', 'upstream', 'browser'];
  return {
    id: 'trace-span',
    traceId: 'trace',
    from: draw.pick(parties),
    to: draw.pick(parties),
    channel: draw.pick(['front', 'back']),
    startedAt: 1,
    ...request({}),
    ...answer([]),
    checks: [],
    ...planted,
  };
}

/** All that can be taken out of the picture. */
function seen(exchange: Exchange): string {
  const shown = presentExchange(exchange, { order: 1 });
  return [JSON.stringify(shown), mermaidOf([shown]), curlOf(shown), JSON.stringify(harOf([shown]))].join('\n');
}

test.each(Object.entries(places))('a secret never comes out, planted as: %s', (_, plant) => {
  for (let seed = 0; seed < 150; seed++) {
    const draw = drawing(seed);
    const [hidden, whole] = draw.pick(shapes)(draw);
    const out = seen(exchangeWith(plant(whole, draw), draw));
    for (let at = 0; at + 12 <= hidden.length; at++)
      expect(out.includes(hidden.slice(at, at + 12)), `seed ${seed}: ${hidden.slice(at, at + 12)}`).toBe(false);
  }
});
