#!/usr/bin/env node
/**
 * The operator's command line. It works on the same database as the running server, through the same subjects, so what
 * it does holds at once.
 */
import { existsSync } from 'node:fs';
import { DatabaseRefusedError, DatabaseTooNewError, DatabaseUnavailableError } from '@latchkey/database';
import { followDemoClock } from '@latchkey/demo-clock';
import { SettingsError } from '@latchkey/settings';
import { Command } from 'commander';
import { AccountProblems, createAccounts } from './accounts/accounts.ts';
import { clientCommands } from './cli/client-commands.ts';
import { CommandFailure, print, type Subjects } from './cli/command.ts';
import { keyCommands } from './cli/key-commands.ts';
import { raceCommand } from './cli/race-command.ts';
import { userCommands } from './cli/user-commands.ts';
import { createClients, RegistrationProblems } from './clients/clients.ts';
import { KeyMismatchError, openDataKey } from './keys/data-key.ts';
import { createKeyring } from './keys/keyring.ts';
import { authorizationServerSettings, type Settings } from './settings.ts';
import { createSessions } from './storage/sessions.ts';
import { openTables } from './tables.ts';

const openSettings = (): Settings => {
  const settings = authorizationServerSettings(process.env);
  // NOTE: as the server does under `npm start`: what both write would otherwise have two times.
  if (settings.demoClockFile) followDemoClock(settings.demoClockFile);
  if (settings.databaseUrl === undefined && !existsSync(settings.databaseFile)) {
    process.stderr.write(
      `No database was there, so a new one is made: ${settings.databaseFile}\nIf a server is running, set DATA_DIR or DATABASE_URL as they were set for the server.\n`,
    );
  }
  return settings;
};

const open = async (): Promise<Subjects> => {
  const settings = openSettings();
  const database = await openTables(settings);
  return {
    accounts: createAccounts(database),
    clients: createClients(database, () => {}),
    sessions: createSessions(database, createKeyring(await openDataKey(database, settings.keyEncryptionKey))),
    close: database.close,
  };
};

const program = new Command('latchkey')
  .description(
    'Runs Latchkey: clients, people, the database. Reads the settings of the server (DATA_DIR and the rest).',
  )
  .showHelpAfterError('(latchkey --help lists all commands)');

program.addCommand(clientCommands(open));
program.addCommand(userCommands(open));
program.addCommand(raceCommand());
program.addCommand(
  keyCommands(async (work) => {
    const settings = openSettings();
    await using database = await openTables(settings);
    await work({ settings, database });
  }),
);
program
  .command('migrate')
  .description('bring the database up to date; safe while the server runs')
  .option('--json', 'print JSON')
  .action(async ({ json }: { json?: boolean }) => {
    await using database = await openTables(openSettings());
    const { applied } = database;
    const text = applied.length > 0 ? `Applied ${applied.join(', ')}.` : 'The database is up to date.';
    print(json, { migrated: true, applied }, text);
  });

try {
  await program.parseAsync();
} catch (error) {
  const known = [
    SettingsError,
    DatabaseRefusedError,
    DatabaseTooNewError,
    DatabaseUnavailableError,
    KeyMismatchError,
    CommandFailure,
  ].some((kind) => error instanceof kind);
  const problems =
    error instanceof RegistrationProblems || error instanceof AccountProblems ? error.problems : undefined;
  if (process.argv.includes('--json') && (known || problems)) {
    const message = (error as Error).message;
    process.stdout.write(`${JSON.stringify({ error: 'refused', problems: problems ?? [message] })}\n`);
  } else if (problems) {
    process.stderr.write(`Not done:\n${problems.map((problem) => `  - ${problem}`).join('\n')}\n`);
  } else {
    process.stderr.write(`${known ? (error as Error).message : (error as Error).stack}\n`);
  }
  process.exitCode = 1;
}
