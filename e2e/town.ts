import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, createClock } from './clock.ts';
import { findFreePorts, type LauncherRun, runLauncher } from './launcher-run.ts';

/** All three apps, running as `npm start` runs them, on ports and with data of their own, and with time to be moved. */
export interface Town extends AsyncDisposable {
  readonly authorizationServer: string;
  readonly todosApi: string;
  readonly demoClient: string;
  readonly clock: Clock;
  /** What a command must be started with to work on this town, `npx latchkey` say. */
  readonly environment: Readonly<Record<string, string>>;
  /** What the apps have logged so far. */
  log(): string;
}

export async function startTown(): Promise<Town> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-town-'));
  const ports = await findFreePorts();
  const dataDirectory = join(folder, 'data');
  const environment = { ...ports, DATA_DIR: dataDirectory };
  const launcher = runLauncher({ ...environment, LOG_LEVEL: 'info' });
  const stop = () => stopTown(launcher, folder);
  try {
    await launcher.says(/Latchkey is ready/);
  } catch (error) {
    await stop();
    throw error;
  }

  return {
    authorizationServer: `http://localhost:${ports.AUTHORIZATION_SERVER_PORT}`,
    todosApi: `http://localhost:${ports.TODOS_API_PORT}`,
    demoClient: `http://localhost:${ports.DEMO_CLIENT_PORT}`,
    clock: createClock(dataDirectory),
    environment,
    log: launcher.output,
    [Symbol.asyncDispose]: stop,
  };
}

async function stopTown(launcher: LauncherRun, folder: string): Promise<void> {
  launcher.process.kill('SIGINT');
  await launcher.ended;
  await rm(folder, { recursive: true, force: true });
}
