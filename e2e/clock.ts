import { demoClockFile, openDemoClock } from '@latchkey/demo-clock';

export interface Duration {
  readonly seconds?: number;
  readonly minutes?: number;
  readonly hours?: number;
  readonly days?: number;
}

export interface Clock {
  /** Moves the time of every process on this data folder forward. When it returns, all of them have the new time. */
  advance(duration: Duration): void;
}

/** The clock by which `npm start` and `npx latchkey` go in this data folder. */
export function createClock(dataDirectory: string): Clock {
  const clock = openDemoClock(demoClockFile(dataDirectory));
  return {
    advance({ seconds = 0, minutes = 0, hours = 0, days = 0 }) {
      const ms = (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1_000;
      if (clock.advance(ms) === undefined) throw new RangeError(`the clock cannot be moved by ${ms} ms any more`);
    },
  };
}
