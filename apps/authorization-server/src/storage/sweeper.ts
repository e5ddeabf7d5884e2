import { setTimeout as delay } from 'node:timers/promises';
import { DatabaseUnavailableError } from '@latchkey/database';
import type { Logger } from '@latchkey/service';
import type { Lease } from './leases.ts';

/** Forgets rows that have run out, at most `limit` of them. @returns how many */
export type Sweep = (limit: number) => Promise<number>;

export interface SweeperNeeds {
  /** Only the replica that holds it sweeps. */
  readonly lease: Lease;
  readonly sweeps: Readonly<Record<string, Sweep>>;
  /** Gives back to the disk what the rows have left. */
  readonly shrink: () => Promise<void>;
  readonly logger: Logger;
  /** Milliseconds between two rounds. */
  readonly everyMs?: number;
}

export interface Sweeper {
  /** One round: everything that has run out by now. @returns rows forgotten, or undefined when another replica sweeps */
  round(): Promise<number | undefined>;
  /** Waits for the round that runs. */
  stop(): Promise<void>;
}

/** Small, so that no request waits long behind one; the rest of the round gives way after each. */
const batch = 250;
const pauseMs = 5;

/**
 * Forgets what has run out, in small batches, so that the database stays as large as what is alive. Whichever replica
 * holds the lease does it for all; if it stops, another takes over when the lease has ended.
 */
export function startSweeper({ lease, sweeps, shrink, logger, everyMs = 15_000 }: SweeperNeeds): Sweeper {
  const leaseMs = 3 * everyMs;
  let stopped = false;
  let running: Promise<number | undefined> | undefined;

  async function sweepAll(): Promise<number | undefined> {
    let total = 0;
    for (const sweep of Object.values(sweeps)) {
      for (let swept = batch; swept === batch && !stopped; ) {
        // NOTE: kept with each batch: a round may outlast the lease.
        if (!(await lease.hold(leaseMs))) return undefined;
        swept = await sweep(batch);
        total += swept;
        if (swept === batch) await delay(pauseMs);
      }
    }
    if (!stopped) await shrink();
    return total;
  }

  async function tick(): Promise<void> {
    try {
      running = sweepAll();
      const swept = await running;
      if (swept) logger.debug({ swept }, 'swept');
    } catch (error) {
      // NOTE: that the database is away has been said already.
      const level = error instanceof DatabaseUnavailableError ? 'debug' : 'warn';
      logger[level]({ reason: String(error) }, 'could not sweep; the next round will');
    } finally {
      running = undefined;
    }
  }

  const timer = setInterval(() => {
    if (!running) void tick();
  }, everyMs);
  timer.unref();
  return {
    round: sweepAll,
    async stop() {
      stopped = true;
      clearInterval(timer);
      await running?.catch(() => {});
      await lease.release().catch(() => {});
    },
  };
}
