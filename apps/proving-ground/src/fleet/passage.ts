import { setTimeout as delay } from 'node:timers/promises';
import { startMovedClock } from './moved-clock.ts';

/** How time passes in a trial: by waiting, or by moving the clock of the servers. */
export interface Passage extends Disposable {
  /** What the servers have to be started with. */
  readonly environment: Readonly<Record<string, string>>;
  pass(ms: number): Promise<void>;
}

export function realTime(): Passage {
  return { environment: {}, pass: (ms) => delay(ms), [Symbol.dispose]: () => {} };
}

export function movedTime(): Passage {
  const clock = startMovedClock();
  return {
    environment: clock.environment,
    pass: async (ms) => clock.move(ms),
    [Symbol.dispose]: () => clock[Symbol.dispose](),
  };
}
