/**
 * The clock of a demonstration: a file says how far ahead of the system all processes are that go by it. Who starts them has them
 * go by it, by loading `@latchkey/demo-clock/preload` before anything else; what they run knows nothing of it.
 */
export { type DemoClock, demoClockFile, openDemoClock } from './demo-clock.ts';
export { followDemoClock } from './moved-date.ts';
