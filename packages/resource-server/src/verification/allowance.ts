export interface AllowanceOptions {
  readonly burst: number;
  /** Milliseconds until one more is allowed. */
  readonly refillMs: number;
  readonly now: () => number;
}

export interface Allowance {
  /** Takes one if there is one. */
  take(): boolean;
}

/** A token bucket: `burst` at once, then one each `refillMs`. */
export function createAllowance({ burst, refillMs, now }: AllowanceOptions): Allowance {
  let left = burst;
  let countedAt = now();
  return {
    take() {
      const refilled = Math.floor(Math.abs(now() - countedAt) / refillMs);
      if (refilled > 0) {
        left = Math.min(burst, left + refilled);
        countedAt = now();
      }
      if (left === 0) return false;
      left -= 1;
      return true;
    },
  };
}
