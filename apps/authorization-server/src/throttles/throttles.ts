/**
 * How fast a stranger may guess. Only failures count, so whoever succeeds is never slowed down, and every limit is over
 * by itself: nobody is locked out for good. Counters live in this process; a restart forgives.
 */
import { createHash } from 'node:crypto';
import { RateLimiterMemory } from 'rate-limiter-flexible';

export interface Limit {
  /** Failures allowed in the time. */
  readonly points: number;
  /** Seconds. */
  readonly duration: number;
}

export interface Throttle {
  /** Seconds to wait before the next try, 0 if it may come now. */
  waitFor(...keys: readonly string[]): Promise<number>;
  failed(...keys: readonly string[]): Promise<void>;
  succeeded(...keys: readonly string[]): Promise<void>;
}

/** Several limits at once, over the same keys: a burst is stopped soon, patience later. */
export function createThrottle(name: string, limits: readonly Limit[]): Throttle {
  const limiters = limits.map(
    ({ points, duration }) => new RateLimiterMemory({ keyPrefix: `${name}:${duration}`, points, duration }),
  );
  // NOTE: whoever is counted chooses the key, but not how much memory it takes.
  const key = (keys: readonly string[]) => createHash('sha256').update(JSON.stringify(keys)).digest('base64url');
  return {
    async waitFor(...keys) {
      const states = await Promise.all(limiters.map((limiter) => limiter.get(key(keys))));
      const waits = states.map((state, index) => {
        const points = limits[index]?.points ?? 0;
        // NOTE: the store drops a counter by a timer, which may come late or, where time is moved, not at all.
        return state && state.consumedPoints >= points ? Math.max(0, Math.ceil(state.msBeforeNext / 1000)) : 0;
      });
      return Math.max(0, ...waits);
    },
    async failed(...keys) {
      await Promise.all(limiters.map((limiter) => limiter.penalty(key(keys), 1)));
    },
    async succeeded(...keys) {
      await Promise.all(limiters.map((limiter) => limiter.delete(key(keys))));
    },
  };
}
