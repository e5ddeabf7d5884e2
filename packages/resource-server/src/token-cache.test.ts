import { expect, test } from 'vitest';
import { createResourceServer, type ResourceServerOptions, requirementOf } from './index.ts';
import { createDpopKey, startTestIssuer } from './testing/index.ts';
import { createVerifiedTokens } from './verification/verified-tokens.ts';

const resource = 'https://api.example';
const scopes = { read: 'Read', write: 'Write' };
const facts = (token: string) => ({ rawHeaders: ['authorization', `Bearer ${token}`] });

async function startTown(options: Partial<ResourceServerOptions<'read' | 'write'>> = {}) {
  let now = Date.now();
  const issuer = await startTestIssuer({ audience: resource, now: () => now });
  const server = createResourceServer({
    issuer: issuer.issuer,
    resource,
    realm: 'api',
    scopes,
    tokenCache: { maxEntries: 100 },
    now: () => now,
    ...options,
  });
  return {
    issuer,
    server,
    ask: (token: string, ...needed: ('read' | 'write')[]) =>
      server.authorize(facts(token), requirementOf([{ scopes: needed }])),
    pass(ms: number) {
      now += ms;
    },
    [Symbol.asyncDispose]: () => issuer[Symbol.asyncDispose](),
  };
}

test('CVE-2021-32701: what is remembered for one scope says nothing about another', async () => {
  await using town = await startTown();
  const token = await town.issuer.accessToken({ scope: 'read' });
  expect(await town.ask(token, 'read')).toMatchObject({ subject: 'alice' });
  expect(await town.ask(token, 'write')).toMatchObject({ error: 'insufficient_scope' });
  expect(await town.ask(token, 'read', 'write')).toMatchObject({ error: 'insufficient_scope' });
  expect(await town.ask(token, 'read')).toMatchObject({ subject: 'alice', requiredScopes: ['read'] });
});

test('CVE-2026-33496: what one issuer or endpoint has said is never the answer of another', async () => {
  const answering = (active: boolean, issuer: string): typeof fetch =>
    (async (input: unknown) =>
      String(input).endsWith('/introspect')
        ? Response.json(
            active ? { active, aud: resource, sub: 'alice', client_id: 'app', exp: 4_102_444_800 } : { active },
          )
        : Response.json({ issuer, jwks_uri: `${issuer}/jwks` })) as typeof fetch;
  const serverOf = (name: string, active: boolean) =>
    createResourceServer({
      issuer: {
        issuer: `https://${name}.example`,
        introspection: {
          clientId: 'api',
          clientSecret: 's',
          endpoint: `https://${name}.example/introspect`,
          cacheSeconds: 60,
        },
      },
      resource,
      realm: 'api',
      scopes,
      tokenCache: {},
      fetch: answering(active, `https://${name}.example`),
    });
  const ask = (server: ReturnType<typeof serverOf>) => server.authorize(facts('opaque'), requirementOf([]));
  const [one, two] = [serverOf('one', true), serverOf('two', false)];
  expect(await ask(one)).toMatchObject({ subject: 'alice' });
  expect(await ask(two)).toMatchObject({ error: 'invalid_token' });
  expect(await ask(one)).toMatchObject({ subject: 'alice' });
});

test('GHSA-84rm-mhfq-f476: neither what is remembered nor what is under way crosses to another configuration', async () => {
  await using town = await startTown();
  const other = createResourceServer({
    issuer: town.issuer.issuer,
    resource: 'https://other.example',
    realm: 'other',
    scopes,
    tokenCache: {},
  });
  const token = await town.issuer.accessToken({ scope: 'read' });
  const both = () => Promise.all([town.ask(token), other.authorize(facts(token), requirementOf([]))]);
  const request = facts(token);
  const sameRequest = () =>
    Promise.all([town.server.authorize(request, requirementOf([])), other.authorize(request, requirementOf([]))]);
  for (const each of [both, both, sameRequest, sameRequest])
    expect(await each()).toMatchObject([{ subject: 'alice' }, { error: 'invalid_token' }]);
});

test('a remembered token ends when it ends, and is refused by name', async () => {
  await using town = await startTown();
  const token = await town.issuer.accessToken();
  expect(await town.ask(token)).toMatchObject({ subject: 'alice' });
  town.pass(310_000);
  expect(await town.ask(token)).toMatchObject({ error_description: 'Token expired' });
});

test('revocation is asked about in every request', async () => {
  const revoked = new Set<string>();
  await using town = await startTown({ accept: ({ claims }) => !revoked.has(claims.jti ?? '') });
  const token = await town.issuer.accessToken({ jti: 'one' });
  expect(await town.ask(token)).toMatchObject({ subject: 'alice' });
  revoked.add('one');
  expect(await town.ask(token)).toMatchObject({ error: 'invalid_token', error_description: 'Invalid token' });
});

test('a token whose key is withdrawn is forgotten with the key', async () => {
  await using town = await startTown();
  const token = await town.issuer.accessToken({ exp: Math.floor(Date.now() / 1000) + 3600 });
  expect(await town.ask(token)).toMatchObject({ subject: 'alice' });
  await town.issuer.rotateKeys();
  town.pass(11 * 60_000);
  await town.ask(token);
  await expect.poll(() => town.ask(token)).toMatchObject({ error: 'invalid_token' });
});

test('keys that were not seen for an hour end what was verified with them', async () => {
  await using town = await startTown();
  const token = await town.issuer.accessToken({ exp: Math.floor(Date.now() / 1000) + 7200 });
  expect(await town.ask(token)).toMatchObject({ subject: 'alice' });
  await town.issuer.leave();
  town.pass(61 * 60_000);
  expect(await town.ask(token)).toMatchObject({ status: 503 });
});

test('a refusal is never remembered, and neither is a proof', async () => {
  await using town = await startTown();
  const key = await createDpopKey();
  const token = await town.issuer.accessToken({ cnf: { jkt: key.thumbprint } });
  const proof = await key.proof({ method: 'GET', url: `${resource}/x`, accessToken: token });
  const ask = () =>
    town.server.authorize(
      { method: 'GET', url: '/x', rawHeaders: ['authorization', `DPoP ${token}`, 'dpop', proof] },
      requirementOf([]),
    );
  expect(await ask()).toMatchObject({ subject: 'alice' });
  expect(await ask()).toMatchObject({ error: 'invalid_dpop_proof' });
  expect(await town.ask(token)).toMatchObject({ error: 'invalid_token' });
});

test('what is kept is bounded, and what is asked for stays', () => {
  const kept = createVerifiedTokens({ maxEntries: 10, nowSeconds: () => 0 });
  const principal = { subject: 'alice' } as Parameters<typeof kept.keep>[2];
  kept.keep('often', 1, principal, 1);
  for (let number = 0; number < 1_000; number += 1) {
    kept.keep(String(number), 1, principal, 1);
    expect(kept.find('often', 1)).toBe(principal);
  }
  const left = Array.from({ length: 1_000 }, (_, number) => kept.find(String(number), 1)).filter(Boolean);
  expect(left.length).toBeLessThanOrEqual(10);
  expect(kept.find('often', 2)).toBeUndefined();
});

test('as many tokens are remembered as was said, in whatever turns they come', () => {
  const kept = createVerifiedTokens({ maxEntries: 1_000, nowSeconds: () => 0 });
  const tokens = Array.from({ length: 1_000 }, (_, number) => `token-${number}`);
  const principalOf = (token: string) => ({ subject: token }) as Parameters<typeof kept.keep>[2];
  for (const token of tokens) kept.keep(token, 1, principalOf(token), 1);
  for (const token of [...tokens, ...tokens]) expect(kept.find(token, 1)?.subject).toBe(token);
});

test('tokens with the same end are told apart', () => {
  const kept = createVerifiedTokens({ maxEntries: 10, nowSeconds: () => 0 });
  const [one, two] = ['one', 'two'].map((name) => `${name}.${'signature'.repeat(9)}`) as [string, string];
  const principalOf = (token: string) => ({ subject: token }) as Parameters<typeof kept.keep>[2];
  kept.keep(one, 1, principalOf(one), 1);
  expect(kept.find(two, 1)).toBeUndefined();
  kept.keep(two, 1, principalOf(two), 1);
  for (const token of [one, two, one]) expect(kept.find(token, 1)?.subject).toBe(token);
});

test('what a handler writes into who is calling is true of nobody who comes after', async () => {
  await using town = await startTown();
  const token = await town.issuer.accessToken({ scope: 'read', roles: ['viewer'], cnf: undefined });
  const auth = (await town.ask(token)) as unknown as { scopes: string[]; claims: { roles: string[]; sub: string } };
  expect(() => auth.scopes.push('write')).toThrow();
  expect(() => auth.claims.roles.push('admin')).toThrow();
  expect(() => Object.assign(auth.claims, { sub: 'bob' })).toThrow();
  expect(await town.ask(token, 'write')).toMatchObject({ error: 'insufficient_scope' });
  expect(await town.ask(token)).toMatchObject({ subject: 'alice', claims: { sub: 'alice', roles: ['viewer'] } });
});
