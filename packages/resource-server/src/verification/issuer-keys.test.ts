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

test('while the issuer is away, it is asked once a second at most', async () => {
  await using town = await startKeys();
  await town.issuer.leave();
  for (let turn = 0; turn < 20; turn += 1) expect(await town.keys.ready()).toBe(false);
  expect(town.failures).toHaveLength(1);
  town.pass(1_000);
  expect(await town.keys.ready()).toBe(false);
  expect(town.failures).toHaveLength(2);
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
