import { DatabaseRefusedError, DatabaseTooNewError, DatabaseUnavailableError } from '@latchkey/database';
import { AddressInUseError, createLogger, listen, stopOnSignals } from '@latchkey/service';
import { SettingsError } from '@latchkey/settings';
import { demoLeftovers, seedDemo } from '../../../db/seed.ts';
import { KeyMismatchError } from './keys/data-key.ts';
import { createAuthorizationServer } from './server.ts';
import { authorizationServerSettings } from './settings.ts';

try {
  const settings = authorizationServerSettings(process.env);
  const logger = createLogger('authorization-server', settings.logLevel);
  const server = await createAuthorizationServer(settings, logger);
  if (settings.production) {
    const leftovers = await demoLeftovers(server.accounts);
    if (leftovers.length > 0) {
      throw new SettingsError([
        `DATA_DIR holds demo people whose passwords are public (${leftovers.join(', ')}): use a new folder, or disable them with latchkey user disable`,
      ]);
    }
  }
  if (settings.demo) await seedDemo(server, settings.demo);
  const listener = await listen({ handler: server.handler, host: settings.host, port: settings.port });
  stopOnSignals(logger, async () => {
    await listener.close();
    await server.close();
  });
  logger.info({ issuer: settings.issuer, port: listener.port }, `listening, issuer ${settings.issuer}`);
} catch (error) {
  const expected = [
    SettingsError,
    AddressInUseError,
    DatabaseRefusedError,
    DatabaseTooNewError,
    DatabaseUnavailableError,
    KeyMismatchError,
  ].some((kind) => error instanceof kind);
  process.stderr.write(`${expected ? (error as Error).message : String((error as Error).stack)}\n`);
  process.exit(1);
}
