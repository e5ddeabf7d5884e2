import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Accounts, createAccounts } from '../apps/authorization-server/src/accounts/accounts.ts';
import { authorizationServerSettings } from '../apps/authorization-server/src/settings.ts';
import { openTables } from '../apps/authorization-server/src/tables.ts';
import { type Clock, createClock } from './clock.ts';
import { findFreePorts, type LauncherRun, runLauncher } from './launcher-run.ts';

/** All three apps, running as `npm start` runs them, on ports and with data of their own, and with time to be moved. */
export interface Town extends AsyncDisposable {
  readonly authorizationServer: string;
  readonly todosApi: string;
  readonly demoClient: string;
  readonly clock: Clock;
  /** Its people, as the command line reaches them: in the database, beside the running server. */
  readonly accounts: Accounts;
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
  await using started = new AsyncDisposableStack();
  started.defer(() => stopTown(launcher, folder));
  await launcher.says(/Latchkey is ready/);
  const tables = started.use(await openTables(authorizationServerSettings({ DATA_DIR: dataDirectory })));
  const running = started.move();

  return {
    authorizationServer: `http://localhost:${ports.AUTHORIZATION_SERVER_PORT}`,
    todosApi: `http://localhost:${ports.TODOS_API_PORT}`,
    demoClient: `http://localhost:${ports.DEMO_CLIENT_PORT}`,
    clock: createClock(dataDirectory),
    accounts: createAccounts(tables),
    environment,
    log: launcher.output,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

async function stopTown(launcher: LauncherRun, folder: string): Promise<void> {
  launcher.process.kill('SIGINT');
  await launcher.ended;
  await rm(folder, { recursive: true, force: true });
}
