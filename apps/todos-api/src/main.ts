import { join } from 'node:path';
import { DatabaseRefusedError, DatabaseTooNewError, DatabaseUnavailableError, openDatabase } from '@latchkey/database';
import { AddressInUseError, createLogger, listen, logOutages, stopOnSignals } from '@latchkey/service';
import { resolveFromRoot, SettingsError } from '@latchkey/settings';
import { createTodosApi, type TodosApiTables } from './server.ts';
import { readTodosApiSettings } from './settings.ts';
import { foldOldTitles } from './todos/folded-title.ts';

async function start(): Promise<void> {
  const settings = readTodosApiSettings(process.env);
  const { host, port, publicUrl, issuer, databaseUrl, databaseFile, logLevel } = settings;
  const logger = createLogger('todos-api', logLevel);
  const database = await openDatabase<TodosApiTables>({
    url: databaseUrl,
    file: databaseFile,
    migrations: resolveFromRoot(join('db', 'todos-api')),
    onOutage: logOutages(logger),
  });
  await foldOldTitles(database.query);
  const flowReports =
    settings.flowReports &&
    (await import('./flow-reports/flow-reports.ts')).createFlowReports({ publicUrl, collector: settings.flowReports });
  const { handler } = createTodosApi({ settings, database, logger, flowReports });
  const listener = await listen({ handler, host, port });
  logger.info({ url: publicUrl, issuer, port: listener.port }, `todos API ready at ${publicUrl}`);

  stopOnSignals(logger, async () => {
    await listener.close();
    await flowReports?.close();
    await database.close();
  });
}

try {
  await start();
} catch (error) {
  const expected = [
    SettingsError,
    AddressInUseError,
    DatabaseRefusedError,
    DatabaseTooNewError,
    DatabaseUnavailableError,
  ];
  if (!(error instanceof Error && expected.some((kind) => error instanceof kind))) throw error;
  // NOTE: what the operator must mend is said in plain words, without a stack trace.
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
