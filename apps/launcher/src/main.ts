/**
 * `npm start`: runs the authorization server, the todos API and the demo client together, for looking around and for
 * development. It owns the order, the ports and the environment of the three; what they do is theirs.
 */
import { ensureSecretFile, SettingsError } from '@latchkey/settings';
import { type App, describeApps } from './apps.ts';
import { clientSecretFile, flowSecretFile } from './client-secret.ts';
import { readLauncherSettings } from './launcher-settings.ts';
import { formatLogLine } from './log-lines.ts';
import { findTakenPorts, takenPortsText } from './port-check.ts';
import { StartError } from './start-error.ts';
import { listenForStopRequests } from './stop-requests.ts';
import { superviseApps } from './supervisor.ts';
import { paintFor } from './terminal-style.ts';
import { welcomeText } from './welcome-text.ts';

const paint = paintFor(process.stdout);
const print = (text: string) => process.stdout.write(`${text}\n`);

try {
  process.exitCode = (await run()) ? 0 : 1;
} catch (error) {
  if (!(error instanceof StartError || error instanceof SettingsError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

async function run(): Promise<boolean> {
  const settings = readLauncherSettings(process.env);
  const apps = describeApps(settings, process.env);
  const { requested, hurried } = listenForStopRequests();
  const inPostgres = Boolean(process.env.DATABASE_URL || process.env.DATABASE_URL_FILE);
  if (inPostgres)
    print(
      'NOTE: DATABASE_URL is set, so everything is kept in that PostgreSQL database, in one schema for each app. The keys that open it stay in DATA_DIR: keep both.',
    );

  await refuseTakenPorts(apps);
  prepareData(settings.dataDirectory);
  return superviseApps({
    apps,
    onLine: (app, line) => print(formatLogLine(app, line, paint)),
    onReady: () => print(welcomeText(apps, settings.dataDirectory, paint, inPostgres)),
    stopRequested: requested,
    onStopping: (reason) => print(reason ? paint('red', `${reason} Stopping the others.`) : 'Stopping.'),
    hurried,
  });
}

async function refuseTakenPorts(apps: readonly App[]): Promise<void> {
  const taken = await findTakenPorts(apps);
  if (taken.length > 0) throw new StartError(takenPortsText(taken));
}

function prepareData(dataDirectory: string): void {
  try {
    ensureSecretFile(clientSecretFile(dataDirectory));
    ensureSecretFile(flowSecretFile(dataDirectory));
  } catch (error) {
    const { message } = error as Error;
    throw new StartError(`The data folder cannot be used (${message}). Choose another one with DATA_DIR.`);
  }
}
