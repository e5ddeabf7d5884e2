import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Duration {
  readonly seconds?: number;
  readonly minutes?: number;
  readonly hours?: number;
  readonly days?: number;
}

export interface Clock {
  /** What a process must be started with to go by this clock. */
  readonly environment: Readonly<Record<string, string>>;
  /** Moves the time of every such process forward. When it returns, all of them have the new time. */
  advance(duration: Duration): void;
}

/** A clock that runs like the system's until it is moved. It lives in a file in `folder`. */
export function createClock(folder: string): Clock {
  const file = join(folder, 'clock');
  let offset = 0;
  const write = () => {
    writeFileSync(`${file}.next`, String(offset));
    renameSync(`${file}.next`, file);
  };
  write();
  return {
    environment: { CLOCK_FILE: file, NODE_OPTIONS: `--import=${import.meta.resolve('./clock-preload.ts')}` },
    advance({ seconds = 0, minutes = 0, hours = 0, days = 0 }) {
      offset += (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1_000;
      write();
    },
  };
}
