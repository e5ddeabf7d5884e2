import { join } from 'node:path';
import { DatabaseRefusedError, DatabaseTooNewError, DatabaseUnavailableError, openDatabase } from '@latchkey/database';
import { AddressInUseError, createLogger, listen, logOutages, stopOnSignals } from '@latchkey/service';
import { ensureSecretFile, resolveFromRoot, SettingsError } from '@latchkey/settings';
import { createDemoClient } from './server.ts';
import { readDemoClientSettings } from './settings.ts';
import type { Tables } from './tables.ts';

try {
  const settings = readDemoClientSettings(process.env);
  const logger = createLogger('demo-client', settings.logLevel);
  const sessionKey = settings.sessionKey ?? ensureSecretFile(join(settings.dataDirectory, 'session-key'));
  const database = await openDatabase<Tables>({
    url: settings.databaseUrl,
    file: join(settings.dataDirectory, 'demo-client.sqlite'),
    migrations: resolveFromRoot('db/demo-client'),
    onOutage: logOutages(logger),
  });
  const { flowSecret: secret, demoClockFile: clockFile, publicUrl, apiUrl } = settings;
  // NOTE: in production the settings have refused it, and nothing of it is loaded.
  const flow =
    secret === undefined
      ? undefined
      : (await import('./flow/flow.ts')).createFlow({ publicUrl, apiUrl, secret, clockFile });
  const client = createDemoClient({ settings: { ...settings, sessionKey }, database, logger, flow });
  const listener = await listen({ handler: client.handler, host: settings.host, port: settings.port });
  logger.info({ port: listener.port }, `the demo client answers at ${settings.publicUrl}`);

  stopOnSignals(logger, async () => {
    client.stop();
    await listener.close();
    await database.close();
  });
} catch (error) {
  const expected = [
    SettingsError,
    AddressInUseError,
    DatabaseRefusedError,
    DatabaseTooNewError,
    DatabaseUnavailableError,
  ].some((kind) => error instanceof kind);
  if (!(error instanceof Error && expected)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
