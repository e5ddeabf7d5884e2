import { vi } from 'vitest';

export interface Clock extends Disposable {
  /** Lets time pass. */
  advance(seconds: number): void;
}

/** From here on time stands still, and moves only when the story says so. */
export function stopClock(): Clock {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
  return {
    advance: (seconds) => vi.setSystemTime(Date.now() + seconds * 1000),
    [Symbol.dispose]: () => vi.useRealTimers(),
  };
}
