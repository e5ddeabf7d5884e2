import { mkdtempDisposableSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveFromRoot } from '@latchkey/settings';

/** The servers' clock, for trials that cannot wait as long as tokens live. */
export interface MovedClock extends Disposable {
  /** What the servers have to be started with. */
  readonly environment: Readonly<Record<string, string>>;
  /** Milliseconds by which it is ahead. */
  readonly aheadMs: number;
  move(ms: number): void;
}

export function startMovedClock(): MovedClock {
  const folder = mkdtempDisposableSync(join(tmpdir(), 'latchkey-clock-'));
  const file = join(folder.path, 'clock');
  let aheadMs = 0;
  writeFileSync(file, '0');
  return {
    environment: { CLOCK_FILE: file, NODE_OPTIONS: `--import=${resolveFromRoot('e2e/clock-preload.ts')}` },
    get aheadMs() {
      return aheadMs;
    },
    move(ms) {
      aheadMs += ms;
      // NOTE: at once, since servers that read while it is being written would live in another time for a moment.
      writeFileSync(`${file}.next`, String(aheadMs));
      renameSync(`${file}.next`, file);
    },
    [Symbol.dispose]: () => folder.remove(),
  };
}
