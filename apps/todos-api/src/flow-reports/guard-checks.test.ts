import { createResourceServer, type Decision } from '@latchkey/resource-server';
import { createApiRouter } from '@latchkey/resource-server/koa';
import { badTokens, createTestIssuer } from '@latchkey/resource-server/testing';
import { listen } from '@latchkey/service';
import Koa from 'koa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { guardChecks } from './guard-checks.ts';

const resource = 'http://localhost/api';
const issuer = await createTestIssuer({ audience: resource });
const bad = await badTokens(issuer);
const decisions: Decision[] = [];
let listener: Awaited<ReturnType<typeof listen>>;

beforeAll(async () => {
  const server = createResourceServer({
    resource,
    realm: 'test',
    scopes: { read: 'Read' },
    onDecision: (decision) => decisions.push(decision),
    ...issuer.options,
  });
  const api = createApiRouter(server, { prefix: '/api' });
  const respond = () => undefined;
  api.get('/anything', {}, respond);
  api.get('/list', { scopes: ['read'] }, respond);
  api.get('/own', { scopes: ['read'], subject: 'person' }, respond);
  api.get('/fresh', { scopes: ['read'], requireAuthentication: { maxAge: 300 } }, respond);
  listener = await listen({ handler: new Koa().use(api.middleware()).callback(), host: 'localhost', port: 0 });
});
afterAll(() => listener[Symbol.asyncDispose]());

async function checksOf(path: string, headers: Record<string, string>): Promise<string[]> {
  await (await fetch(`http://localhost:${listener.port}/api${path}`, { headers })).text();
  const checks = guardChecks(decisions.at(-1) as Decision, Date.now());
  return checks.map(({ name, outcome, detail }) => (outcome === 'passed' ? name : `${name}: ${detail}`));
}

const verified = ['token_format', 'algorithm', 'signature', 'typ', 'iss', 'aud', 'exp'];
const upTo = (name: string) => verified.slice(0, verified.indexOf(name));

test('who is let in has passed all that is looked at, and a scope only where one is needed', async () => {
  expect(await checksOf('/anything', await issuer.bearer('read'))).toEqual(verified);
  expect(await checksOf('/list', await issuer.bearer('read'))).toEqual([...verified, 'scope']);
});

test('who comes without a token is not checked', async () => {
  expect(await checksOf('/list', {})).toEqual([]);
});

const failures: Readonly<Record<string, readonly [string, RegExp, readonly string[]]>> = {
  'an expired token': ['exp', /^ran out \d+ s ago$/, upTo('exp')],
  'a token that is not valid yet': ['token_format', /nbf/, []],
  'a token for another API': ['aud', /aud/, upTo('aud')],
  'a token of another issuer': ['iss', /iss/, upTo('iss')],
  'a token without an end': ['exp', /missing.*exp/, upTo('iss')],
  'a token without a subject': ['token_format', /missing.*sub/, []],
  'a token without an audience': ['aud', /missing.*aud/, upTo('iss')],
  'a token without an issuer': ['iss', /missing.*iss/, upTo('iss')],
  'a token of another type': ['typ', /typ/, upTo('typ')],
  'a token without a signature': ['token_format', /no JWT/, []],
  'a token signed with the public key as a secret': ['algorithm', /alg/, upTo('algorithm')],
  'a token signed with a foreign key': ['signature', /signature|key/, upTo('signature')],
  'a token that was tampered with': ['signature', /signature/, upTo('signature')],
  'a stolen token that is bound to a key': ['proof', /bound to a key/, verified],
  'what is not a token': ['token_format', /no JWT/, []],
};

test.each(bad)('$name is told with what it failed, and nothing after it', async ({ name, headers }) => {
  const [failed, words, before] = failures[name] ?? [];
  const checks = await checksOf('/anything', { ...headers });
  expect(checks.slice(0, -1)).toEqual(before);
  expect(checks.at(-1)).toMatch(new RegExp(`^${failed}: `));
  expect(checks.at(-1)?.slice(`${failed}: `.length)).toMatch(words ?? /$^/);
});

test('what is asked of a good token beside the token', async () => {
  expect(await checksOf('/list', await issuer.bearer('other'))).toEqual([
    ...verified,
    'scope: Missing required scope: read',
  ]);
  const own = await issuer.bearer({ scope: 'read', sub: 'service', client_id: 'service' });
  expect(await checksOf('/own', own)).toEqual([...verified, expect.stringMatching(/^account: .*person/)]);
  const longAgo = await issuer.bearer({ scope: 'read', auth_time: Math.floor(Date.now() / 1_000) - 1_000 });
  expect(await checksOf('/fresh', longAgo)).toEqual([
    ...verified,
    'scope',
    expect.stringMatching(/^step_up: .*sign-in/),
  ]);
});

test('a bound token, with its proof, and with one that was shown before', async () => {
  const headers = await issuer.dpop({ method: 'GET', url: `${resource}/list` }, 'read');
  expect(await checksOf('/list', { ...headers })).toEqual([...verified, 'proof', 'scope']);
  expect(await checksOf('/list', { ...headers })).toEqual([
    ...verified,
    expect.stringMatching(/^proof: presented before/),
  ]);
});
