import { mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoClockFile, openDemoClock } from '@latchkey/demo-clock';

/** The servers' clock, for trials that cannot wait as long as tokens live. */
export interface MovedClock extends Disposable {
  /** What the servers have to be started with. */
  readonly environment: Readonly<Record<string, string>>;
  /** Milliseconds by which it is ahead. */
  readonly aheadMs: number;
  move(ms: number): void;
}

/** As far as it goes: a trial may last for hours, and an hour may pass in each second. */
const mostMs = Number.MAX_SAFE_INTEGER;

export function startMovedClock(): MovedClock {
  const folder = mkdtempDisposableSync(join(tmpdir(), 'latchkey-clock-'));
  const file = demoClockFile(folder.path);
  const clock = openDemoClock(file, mostMs);
  const preload = import.meta.resolve('@latchkey/demo-clock/preload');
  return {
    environment: { DEMO_CLOCK_FILE: file, NODE_OPTIONS: `--import=${preload}` },
    get aheadMs() {
      return clock.aheadMs();
    },
    move(ms) {
      if (clock.advance(ms) === undefined) throw new RangeError(`the clock cannot be moved by ${ms} ms any more`);
    },
    [Symbol.dispose]: () => folder.remove(),
  };
}
