import type { Principal } from '@latchkey/resource-server';
import { expect, test } from 'vitest';
import { createRateLimit } from './rate-limit.ts';

const start = 1_700_000_000_000;

function principal(subject: string, clientId = 'app', iss = 'https://login.example'): Principal {
  return { subject, clientId, claims: { iss } } as Principal;
}

function limited(perMinute: number, mostPrincipals?: number) {
  const clock = { now: start };
  const options = { perMinute, now: () => clock.now, ...(mostPrincipals !== undefined && { mostPrincipals }) };
  const { limiter, headers } = createRateLimit(options);
  /** How many of so many requests pass. */
  const passing = (who: Principal, count: number) =>
    Array.from({ length: count }, () => limiter.take(who)).filter((excess) => excess === undefined).length;
  return { clock, limiter, headers, passing };
}

const alice = principal('alice');

test.each([1, 2, 3, 7, 60, 61, 999_999])('%i pass at once, and as many again within a minute', (perMinute) => {
  const { clock, passing } = limited(perMinute);
  const many = Math.min(perMinute, 1_000);
  expect(passing(alice, many)).toBe(many);
  if (many < perMinute) return;
  expect(passing(alice, 3)).toBe(0);
  clock.now += 60_000;
  expect(passing(alice, perMinute + 3)).toBe(perMinute);
});

test('room comes back evenly, and the wait that is told is enough and no second too long', async () => {
  const { clock, limiter, passing } = limited(7);
  passing(alice, 7);
  for (let round = 0; round < 30; round++) {
    const seconds = (await limiter.take(alice))?.retryAfterSeconds ?? 0;
    clock.now += (seconds - 1) * 1000;
    expect(passing(alice, 1)).toBe(0);
    clock.now += 1000;
    expect(passing(alice, 1)).toBe(1);
  }
});

test('requests that are refused cost nothing', async () => {
  const { clock, passing, limiter } = limited(1);
  expect(passing(alice, 1_000)).toBe(1);
  expect(await limiter.take(alice)).toEqual({ retryAfterSeconds: 60 });
  clock.now += 60_000;
  expect(passing(alice, 1)).toBe(1);
});

test('a flood holds up nobody else: neither other people, nor other clients or issuers', () => {
  const { passing } = limited(5);
  expect(passing(alice, 1_000)).toBe(5);
  const others = [
    principal('bob'),
    principal('alice', 'other'),
    principal('alice', 'app', 'https://other.example'),
    // No two different pairs are one key.
    principal('ali', 'ceapp'),
    principal('alice","app'),
  ];
  for (const other of others) expect(passing(other, 10)).toBe(5);
});

test('memory is bounded: those that were here longest ago are forgotten, and forgiven', () => {
  const { passing } = limited(1, 100);
  for (let index = 0; index < 1_000; index++) passing(principal(`person ${index}`), 1);
  expect(passing(principal('person 999'), 1)).toBe(0);
  expect(passing(principal('person 901'), 1)).toBe(0);
  expect(passing(principal('person 0'), 1)).toBe(1);
});

test('a clock that is set back locks nobody out', () => {
  const { clock, passing } = limited(2);
  expect(passing(alice, 5)).toBe(2);
  clock.now -= 24 * 60 * 60_000;
  expect(passing(alice, 1)).toBe(0);
  clock.now += 30_000;
  expect(passing(alice, 2)).toBe(1);
});

test('answers tell where the caller stands, and those that nobody was counted for tell nothing', async () => {
  const { headers, limiter, clock } = limited(2);
  const fieldsOf = async (work: () => unknown) => {
    const fields: Record<string, string> = {};
    const ctx = { set: (name: string, value: string) => Object.assign(fields, { [name]: value }) };
    await headers(ctx as never, async () => void (await work()));
    return fields;
  };
  const take = () => limiter.take(alice);
  const policy = { 'RateLimit-Policy': '"principal";q=2;w=60' };
  expect(await fieldsOf(take)).toEqual({ ...policy, RateLimit: '"principal";r=1;t=30' });
  expect(await fieldsOf(take)).toEqual({ ...policy, RateLimit: '"principal";r=0;t=60' });
  expect(await fieldsOf(take)).toEqual({ ...policy, RateLimit: '"principal";r=0;t=30' });
  clock.now += 45_000;
  expect(await fieldsOf(take)).toEqual({ ...policy, RateLimit: '"principal";r=0;t=45' });
  expect(await fieldsOf(() => {})).toEqual({});
});
