import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { jsonFetcher } from './fetched-json.ts';
import { createIntrospection } from './introspection.ts';
import { asymmetricAlgorithms, type IntrospectionOptions, issuerSettings } from './issuer-options.ts';

const audience = 'https://api.example';
const seconds = () => Math.floor(Date.now() / 1000);

/** An issuer of opaque tokens: whatever it is told to answer, it answers to who knows the secret. */
async function startIssuer(options: Partial<IntrospectionOptions> = {}) {
  let answer: unknown = { active: false };
  const questions: string[] = [];
  const server = createServer(async (request, response) => {
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    response.setHeader('content-type', 'application/json');
    if (request.url?.startsWith('/.well-known/'))
      return response.end(JSON.stringify({ issuer, introspection_endpoint: `${issuer}/introspect` }));
    questions.push(await text(request));
    const known = request.headers.authorization === `Basic ${btoa('api%3A1:s%2B+%26')}`;
    response.writeHead(known ? 200 : 401).end(JSON.stringify(answer));
    return undefined;
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const introspection = { clientId: 'api:1', clientSecret: 's+ &', ...options };
  const settings = issuerSettings(issuer, { audiences: [audience], algorithms: asymmetricAlgorithms });
  let now = Date.now();
  const failures: unknown[] = [];
  return {
    issuer,
    questions,
    failures,
    good: {
      active: true,
      iss: issuer,
      aud: audience,
      sub: 'alice',
      client_id: 'app',
      exp: seconds() + 300,
      scope: 'a b',
    },
    verify: createIntrospection({
      settings: { ...settings, introspection },
      fetchJson: jsonFetcher(fetch, 5_000),
      clockToleranceSeconds: 5,
      now: () => now,
      onFailure: (cause) => failures.push(cause),
    }),
    say(next: unknown) {
      answer = next;
    },
    pass(ms: number) {
      now += ms;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}

test('RFC 7662: an opaque token is what its issuer says, asked with the API’s own credentials', async () => {
  await using town = await startIssuer();
  town.say(town.good);
  expect(await town.verify('opaque')).toMatchObject({ subject: 'alice', clientId: 'app', scopes: ['a', 'b'] });
  expect(town.questions).toEqual(['token=opaque&token_type_hint=access_token']);
  town.say({ active: false });
  expect(await town.verify('opaque')).toMatchObject({ error: 'invalid_token', error_description: 'Invalid token' });
});

test('an active token of another kind, issuer or API is refused', async () => {
  await using town = await startIssuer();
  const wrong: readonly [string, Record<string, unknown>][] = [
    ['another audience', { aud: 'https://other.example' }],
    ['no audience', { aud: undefined }],
    ['another issuer', { iss: 'https://other.example' }],
    ['a refresh token', { token_type: 'refresh_token' }],
    ['no subject', { sub: undefined }],
    ['no client', { client_id: undefined }],
    ['no end', { exp: undefined }],
    ['an end in words', { exp: 'soon' }],
    ['scopes of another shape', { scope: { a: true } }],
    ['not yet valid', { nbf: seconds() + 60 }],
  ];
  for (const [name, claims] of wrong) {
    town.say({ ...town.good, ...claims });
    expect(await town.verify('opaque'), name).toMatchObject({ status: 401, error_description: 'Invalid token' });
  }
  town.say({ ...town.good, exp: seconds() - 10 });
  expect(await town.verify('opaque')).toMatchObject({ error_description: 'Token expired' });
});

test('when the issuer cannot be asked, nothing is said about the token', async () => {
  await using town = await startIssuer({ clientSecret: 'wrong' });
  expect(await town.verify('opaque')).toMatchObject({ status: 503 });
  for (const answer of [null, [], 'active', { active: 'true' }]) {
    await using other = await startIssuer();
    other.say(answer);
    expect(await other.verify('opaque')).toMatchObject({ status: 503 });
    expect(other.failures).toHaveLength(1);
  }
});

test('a flood of made-up tokens asks no more than a hundred questions at once, and an issuer that is away few', async () => {
  await using town = await startIssuer();
  const flood = () => Promise.all(Array.from({ length: 500 }, (_, turn) => town.verify(`made-up-${turn}`)));
  const statuses = (await flood()).map((each) => ('status' in each ? each.status : 200));
  expect(statuses.filter((status) => status === 401)).toHaveLength(100);
  expect(statuses.filter((status) => status === 503)).toHaveLength(400);
  expect(town.questions).toHaveLength(100);

  await using away = await startIssuer({ endpoint: 'http://127.0.0.1:1/introspect' });
  for (let turn = 0; turn < 20; turn += 1) expect(await away.verify(`other-${turn}`)).toMatchObject({ status: 503 });
  expect(away.failures).toHaveLength(1);
  away.pass(1_000);
  await away.verify('later');
  expect(away.failures).toHaveLength(2);
});

test('what cannot be a token is refused without a question', async () => {
  await using town = await startIssuer();
  for (const token of ['a b', 'é', 'a=b', '"', '', '='])
    expect(await town.verify(token)).toMatchObject({ status: 401 });
  expect(town.questions).toEqual([]);
});

test('without a cache each request asks, and requests at the same time ask once', async () => {
  await using town = await startIssuer();
  town.say(town.good);
  await Promise.all(Array.from({ length: 20 }, () => town.verify('same')));
  expect(town.questions).toHaveLength(1);
  await town.verify('same');
  expect(town.questions).toHaveLength(2);
});

test('an answer is kept for as long as the setting says, never beyond the token’s end, and a refusal never', async () => {
  await using town = await startIssuer({ cacheSeconds: 60 });
  town.say({ ...town.good, exp: seconds() + 90 });
  await town.verify('kept');
  town.say({ active: false });
  expect(await town.verify('kept')).toMatchObject({ subject: 'alice' });
  expect(await town.verify('other')).toMatchObject({ status: 401 });
  expect(await town.verify('other')).toMatchObject({ status: 401 });
  expect(town.questions).toHaveLength(3);
  town.pass(61_000);
  expect(await town.verify('kept')).toMatchObject({ status: 401 });

  town.say({ ...town.good, exp: seconds() + 61 + 20 });
  expect(await town.verify('short')).toMatchObject({ subject: 'alice' });
  town.pass(30_000);
  expect(await town.verify('short')).toMatchObject({ error_description: 'Token expired' });
});
