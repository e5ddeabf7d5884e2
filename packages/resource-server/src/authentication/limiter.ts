import type { Principal } from '../verification/principal.ts';

export interface Limiter {
  /** Counts one request of a verified caller; an answer says that it is one too many. */
  take(principal: Principal): Excess | undefined | Promise<Excess | undefined>;
}

export interface Excess {
  readonly retryAfterSeconds: number;
  /** Further headers of the 429. */
  readonly headers?: Readonly<Record<string, string>>;
}
