import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { longestAheadMs, readAhead } from './ahead-file.ts';

const defaultMostMs = 400 * 24 * 3_600_000;

export interface DemoClock {
  /** How far ahead of the system's clock it is, in milliseconds. */
  aheadMs(): number;
  /**
   * Moves the time of every process that goes by it forward. When this returns, all of them have the new time.
   *
   * @param ms whole milliseconds, more than none
   * @returns how far ahead it is then; `undefined` where that is too far, or not forward: it stays where it is
   * @throws whatever the file system says where the file cannot be written
   */
  advance(ms: number): number | undefined;
}

/** Where the clock of a data folder is: beside the data, since what is in there has the times that it told. */
export function demoClockFile(dataDirectory: string): string {
  return join(dataDirectory, 'demo-clock');
}

/**
 * @param file need not be there: a clock that nobody has moved goes like the system's
 * @param mostMs how far ahead it may get in total, in milliseconds. Default 400 days, longer than anything lives here
 * that runs out; no more than three years
 */
export function openDemoClock(file: string, mostMs = defaultMostMs): DemoClock {
  const aheadMs = () => readAhead(file) ?? 0;
  return {
    aheadMs,
    advance(ms) {
      const ahead = aheadMs() + ms;
      if (!Number.isSafeInteger(ms) || ms <= 0 || ahead > Math.min(mostMs, longestAheadMs)) return undefined;
      // NOTE: beside its place and then moved there, since others read it at any moment.
      const draft = `${file}.${process.pid}`;
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      writeFileSync(draft, String(ahead), { mode: 0o600 });
      renameSync(draft, file);
      return ahead;
    },
  };
}
