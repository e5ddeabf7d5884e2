import { get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { AppProcess } from './app-process.ts';
import { StartError } from './start-error.ts';

/**
 * Waits until the app says at `/readyz` that it can do its work.
 *
 * @param limitMs how long it may take, in milliseconds
 * @throws {StartError} when the app ends before, or takes too long
 */
export async function waitUntilReady({ app, ended }: AppProcess, limitMs = 60_000): Promise<void> {
  let end: string | undefined;
  const ending = ended.then((how) => {
    end = how;
  });
  const deadline = performance.now() + limitMs;
  while (!(await isReady(app.port))) {
    if (end === undefined) await Promise.race([ending, delay(50)]);
    if (end !== undefined) throw new StartError(`The ${app.title} did not start (${end}). What it said stands above.`);
    if (performance.now() > deadline)
      throw new StartError(`The ${app.title} is not ready after ${limitMs / 1000} seconds. What it said stands above.`);
  }
}

function isReady(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path: '/readyz', agent: false, timeout: 2_000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
}
