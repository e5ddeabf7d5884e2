import { AsyncLocalStorage } from 'node:async_hooks';
import type { Limiter, Principal } from '@latchkey/resource-server';
import type { Middleware } from 'koa';

export interface RateLimitOptions {
  /** So many at once, and as many again within a minute, evenly. */
  readonly perMinute: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Principals remembered; beyond it those that were here longest ago are forgotten, which forgives them. Default 10,000. */
  readonly mostPrincipals?: number;
}

export interface RateLimit {
  readonly limiter: Limiter;
  /** Tells callers where they stand, in the fields `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-11). */
  readonly headers: Middleware;
}

interface Bucket {
  /** In thousandths of a second times `perMinute`: whole numbers, so that nothing is lost by rounding. */
  used: number;
  at: number;
}

const minuteMs = 60_000;

/**
 * A limit for each person and client together: whoever floods is held up, and nobody else, not even the same person with
 * another client. Counted in this process, in bounded memory.
 */
export function createRateLimit({ perMinute, now, mostPrincipals = 10_000 }: RateLimitOptions): RateLimit {
  /** In the order in which they were last here. */
  const buckets = new Map<string, Bucket>();
  const standing = new AsyncLocalStorage<{ field?: string }>();
  const capacity = minuteMs * perMinute;
  const seconds = (units: number) => Math.max(1, Math.ceil(units / perMinute / 1000));

  function take(principal: Principal) {
    const key = JSON.stringify([principal.claims.iss, principal.subject, principal.clientId]);
    const bucket = drained(buckets.get(key));
    buckets.delete(key);
    buckets.set(key, bucket);
    forget();

    const excess = bucket.used + minuteMs - capacity;
    if (excess <= 0) bucket.used += minuteMs;
    const left = Math.floor((capacity - bucket.used) / minuteMs);
    const current = standing.getStore();
    if (current) current.field = `"principal";r=${left};t=${seconds(excess > 0 ? excess : bucket.used)}`;
    return excess > 0 ? { retryAfterSeconds: seconds(excess) } : undefined;
  }

  function drained({ used, at }: Bucket = { used: 0, at: now() }): Bucket {
    // NOTE: a clock that was set back gives nothing and takes nothing.
    return { used: Math.max(0, used - Math.max(0, now() - at) * perMinute), at: now() };
  }

  /** Who was away for a minute has all of it again, as a newcomer has. Two each time, so that they grow fewer. */
  function forget() {
    for (const [key, { at }] of [...firstOf(buckets, 2)])
      if (now() - at >= minuteMs || buckets.size > mostPrincipals) buckets.delete(key);
  }

  return {
    limiter: { take },
    headers: async (ctx, next) => {
      const current: { field?: string } = {};
      await standing.run(current, next);
      if (current.field === undefined) return;
      ctx.set('RateLimit-Policy', `"principal";q=${perMinute};w=60`);
      ctx.set('RateLimit', current.field);
    },
  };
}

function* firstOf<Item>(items: Iterable<Item>, count: number): Generator<Item> {
  let given = 0;
  for (const item of items) {
    if (given === count) return;
    given += 1;
    yield item;
  }
}
