import { type ReplayStore, ReplayStoreFullError } from './replay-store.ts';

export interface MemoryReplayStoreOptions {
  /**
   * A full store refuses rather than forgets what could be replayed, so this is also the limit of the traffic: what is
   * spent in the time that a proof is remembered (70 seconds by default) has to fit. An entry takes about 150 bytes.
   * Default 500,000: about 7,000 requests a second.
   */
  readonly maxEntries?: number;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
}

/** Looked at for each one that is spent: more than one, so that what is expired goes faster than new ones come. */
const sweptAtOnce = 4;

/**
 * For an API of one process: a second one would not know what the first has seen.
 *
 * @throws {ReplayStoreFullError} from `spend`, when full
 */
export function createMemoryReplayStore(options: MemoryReplayStoreOptions = {}): ReplayStore {
  const { maxEntries = 500_000, now = () => Date.now() } = options;
  /** In the order of arrival, which is nearly that of expiry. */
  const spent = new Map<string, number>();
  let nothingExpiresBefore = 0;

  function sweepOldest(): void {
    let looks = sweptAtOnce;
    for (const [key, expiresAt] of spent) {
      if (looks === 0 || expiresAt >= now()) return;
      spent.delete(key);
      looks -= 1;
    }
  }

  /** NOTE: not again before something can have expired, or each request to a full store would walk through all of it. */
  function sweepAll(): void {
    if (now() <= nothingExpiresBefore) return;
    let earliest = Number.POSITIVE_INFINITY;
    for (const [key, expiresAt] of spent) {
      if (expiresAt < now()) spent.delete(key);
      else earliest = Math.min(earliest, expiresAt);
    }
    nothingExpiresBefore = earliest;
  }

  return {
    spend(key, expiresAt) {
      if (spent.has(key)) return false;
      sweepOldest();
      if (spent.size >= maxEntries) sweepAll();
      if (spent.size >= maxEntries) throw new ReplayStoreFullError(`${maxEntries} proofs are remembered already`);
      spent.set(key, expiresAt);
      nothingExpiresBefore = Math.min(nothingExpiresBefore, expiresAt);
      return true;
    },
  };
}
