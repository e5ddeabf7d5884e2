import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '@latchkey/database/testing';
import { resolveFromRoot } from '@latchkey/settings';

/** One server in a process of its own: an authorization server, unless something else is said. */
export interface Replica {
  readonly port: number;
  pid(): number | undefined;
  /** What it has written to its log. */
  log(): string;
  /** Starts it, and waits until it says that it is ready. */
  start(): Promise<void>;
  /** Takes it away between two instructions, as a crash or a power cut would. */
  kill(): Promise<void>;
  stop(): Promise<void>;
  ready(): Promise<number | undefined>;
  /** Whether it runs, or was told not to: a server that goes by itself has failed. */
  ended(): boolean;
}

export interface ReplicaOptions {
  /** The program, from the project's root. */
  readonly entry?: string;
  readonly port?: number;
}

export async function createReplica(
  environment: Readonly<Record<string, string>>,
  options: ReplicaOptions = {},
): Promise<Replica> {
  const entry = resolveFromRoot(options.entry ?? 'apps/authorization-server/src/main.ts');
  const port = options.port ?? (await freePort());
  let child: ChildProcess | undefined;
  let written = '';
  let told = false;

  const ready = () =>
    fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(3_000) }).then(
      ({ status }) => status,
      () => undefined,
    );

  async function end(signal: NodeJS.Signals): Promise<void> {
    told = true;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  return {
    port,
    ready,
    pid: () => child?.pid,
    log: () => written,
    ended: () => !told && child !== undefined && (child.exitCode !== null || child.signalCode !== null),
    async start() {
      told = false;
      child = spawn(process.execPath, [entry], {
        env: { PATH: process.env.PATH, NODE_NO_WARNINGS: '1', HOST: '127.0.0.1', PORT: String(port), ...environment },
      });
      for (const stream of [child.stdout, child.stderr]) {
        stream?.on('data', (text) => {
          written += text;
        });
      }
      while ((await ready()) !== 200) {
        if (child.exitCode !== null) throw new Error(`a server did not start:\n${written.slice(-4_000)}`);
        await delay(20);
      }
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
}
