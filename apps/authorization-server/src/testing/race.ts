import { once } from 'node:events';

/** In a racing process: says that it is ready, waits for the start, and reports what came of it. */
export async function race(run: () => unknown): Promise<void> {
  const started = once(process, 'message');
  process.send?.('ready');
  await started;
  process.send?.(await run());
}
