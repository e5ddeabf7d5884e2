import { expect, test } from 'vitest';
import { startTestIssuer } from '../testing/index.ts';
import { jsonFetcher } from './fetched-json.ts';
import { createIssuerKeys } from './issuer-keys.ts';

async function startKeys() {
  let now = Date.now();
  const issuer = await startTestIssuer({ audience: 'x' });
  const failures: unknown[] = [];
  const keys = createIssuerKeys({
    issuer: issuer.issuer,
    fetchJson: jsonFetcher(fetch, 5_000),
    now: () => now,
    onFailure: (cause) => failures.push(cause),
  });
  return {
    issuer,
    keys,
    failures,
    pass(ms: number) {
      now += ms;
    },
    [Symbol.asyncDispose]: () => issuer[Symbol.asyncDispose](),
  };
}

test('nothing is fetched before the first token, and one load serves all who wait for it', async () => {
  await using town = await startKeys();
  expect(town.issuer.requests).toEqual([]);
  expect(await Promise.all(Array.from({ length: 50 }, () => town.keys.ready()))).not.toContain(false);
  expect(town.issuer.requests).toEqual(['/.well-known/oauth-authorization-server', '/jwks']);
});

test('while the issuer is away, the pause between two attempts doubles up to half a minute', async () => {
  await using town = await startKeys();
  await town.issuer.leave();
  for (const seconds of [1, 2, 4, 8, 16, 30, 30]) {
    const before = town.failures.length;
    for (let turn = 0; turn < 20; turn += 1) expect(await town.keys.ready()).toBe(false);
    expect(town.failures.length).toBe(before + 1);
    expect(town.keys.retryInMs()).toBe(seconds * 1_000);
    town.pass(seconds * 1_000 - 1);
    expect(await town.keys.ready()).toBe(false);
    expect(town.failures.length).toBe(before + 1);
    town.pass(1);
  }
  await town.issuer.return();
  expect(await town.keys.ready()).toBe(true);
  expect(town.keys.retryInMs()).toBe(0);
});

test('during ten minutes away with a request each second, the issuer is asked some twenty times, and known keys serve', async () => {
  await using town = await startKeys();
  expect(await town.keys.ready()).toBe(true);
  await town.issuer.leave();
  town.pass(10 * 60_000);
  for (let second = 0; second < 600; second += 1) {
    expect(await town.keys.ready()).toBe(true);
    await new Promise(setImmediate);
    town.pass(1_000);
  }
  expect(town.failures.length).toBeGreaterThan(0);
  expect(town.failures.length).toBeLessThanOrEqual(25);
});

test.each([
  { header: 'max-age=120', freshSeconds: 120 },
  { header: 'public, max-age=120, must-revalidate', freshSeconds: 120 },
  { header: 'max-age=5', freshSeconds: 30 },
  { header: 'no-store', freshSeconds: 30 },
  { header: 'max-age=86400', freshSeconds: 3600 },
  { header: 'private', freshSeconds: 600 },
])(
  'keys with "Cache-Control: $header" are loaded again after $freshSeconds seconds',
  async ({ header, freshSeconds }) => {
    const issuer = 'https://issuer.example';
    let loads = 0;
    let now = 0;
    const answer = async (input: unknown) => {
      if (!String(input).endsWith('/jwks')) return Response.json({ issuer, jwks_uri: `${issuer}/jwks` });
      loads += 1;
      return Response.json({ keys: [] }, { headers: { 'cache-control': header } });
    };
    const keys = createIssuerKeys({ issuer, fetchJson: jsonFetcher(answer as typeof fetch, 5_000), now: () => now });
    expect(await keys.ready()).toBe(true);
    now = freshSeconds * 1000 - 1;
    expect(await keys.ready()).toBe(true);
    expect(loads).toBe(1);
    now += 1;
    await keys.ready();
    await expect.poll(() => loads).toBe(2);
  },
);

test('the revision changes with the keys, and only then', async () => {
  await using town = await startKeys();
  await town.keys.ready();
  const first = town.keys.revision();
  town.pass(11 * 60_000);
  const before = town.issuer.requests.length;
  await town.keys.ready();
  await expect.poll(() => town.issuer.requests.length).toBe(before + 1);
  expect(town.keys.revision()).toBe(first);
  await town.issuer.rotateKeys();
  town.pass(11 * 60_000);
  await town.keys.ready();
  await expect.poll(() => town.keys.revision()).toBe(first + 1);
});

test('an unknown kid asks once a second at most while the issuer is away', async () => {
  await using town = await startKeys();
  expect(await town.keys.ready()).toBe(true);
  await town.issuer.leave();
  const unknown = () => town.keys.find({ alg: 'ES256', kid: 'unknown' }, { payload: '', signature: '' });
  for (let turn = 0; turn < 20; turn += 1) await expect(unknown()).rejects.toThrow();
  expect(town.failures).toHaveLength(1);
  expect(await town.keys.ready()).toBe(true);
});

test('a clock that is set back does not keep the issuer from being asked', async () => {
  await using town = await startKeys();
  await town.issuer.leave();
  expect(await town.keys.ready()).toBe(false);
  await town.issuer.return();
  town.pass(-3_600_000);
  expect(await town.keys.ready()).toBe(true);
});

test('a set that is no key set leaves the last good one in place', async () => {
  await using town = await startKeys();
  const documents: unknown[] = [{ issuer: town.issuer.issuer, jwks_uri: 'http://x/' }, { keys: [] }, '<html>', 7];
  const failures: unknown[] = [];
  let now = 0;
  const keys = createIssuerKeys({
    issuer: town.issuer.issuer,
    fetchJson: async () => ({ json: documents.shift(), freshSeconds: undefined }),
    now: () => now,
    onFailure: (cause) => failures.push(cause),
  });
  expect(await keys.ready()).toBe(true);
  now = 11 * 60_000;
  expect(await keys.ready()).toBe(true);
  await expect.poll(() => failures.length).toBe(1);
  expect(await keys.ready()).toBe(true);
});
