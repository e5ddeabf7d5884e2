import { type AppProcess, startApp } from './app-process.ts';
import type { App } from './apps.ts';
import { waitUntilReady } from './readiness.ts';
import { StartError } from './start-error.ts';

export interface SuperviseOptions {
  readonly apps: readonly App[];
  readonly onLine: (app: App, line: string) => void;
  /** Called once, when every app is ready. */
  readonly onReady: () => void;
  /** Settles when somebody wants everything stopped. */
  readonly stopRequested: Promise<void>;
  /** Called before the apps are stopped, with the reason where it is not a request. */
  readonly onStopping: (reason: string | undefined) => void;
  /** Aborted when they want it stopped without waiting for anything. */
  readonly hurried: AbortSignal;
}

/**
 * Runs the apps until somebody asks to stop or one of them ends, then stops all in reverse order.
 *
 * @returns whether it was asked to stop; false when an app failed
 */
export async function superviseApps(options: SuperviseOptions): Promise<boolean> {
  const { apps, onLine, onReady, stopRequested, onStopping, hurried } = options;
  const running: AppProcess[] = [];
  const unexpectedEnds: Promise<never>[] = [];
  const asked = stopRequested.then(() => 'asked' as const);
  try {
    for (const app of apps) {
      const process = startApp(app, onLine);
      running.push(process);
      if ((await Promise.race([waitUntilReady(process), asked, ...unexpectedEnds])) === 'asked') {
        onStopping(undefined);
        return true;
      }
      unexpectedEnds.push(unexpectedEnd(process));
    }
    onReady();
    await Promise.race([asked, ...unexpectedEnds]);
    onStopping(undefined);
    return true;
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    onStopping(error.message);
    return false;
  } finally {
    for (const process of running.toReversed()) await process.stop(hurried);
  }
}

/** @throws {StartError} when the app ends */
async function unexpectedEnd({ app, ended }: AppProcess): Promise<never> {
  throw new StartError(`The ${app.title} ended by itself (${await ended}). What it said stands above.`);
}
