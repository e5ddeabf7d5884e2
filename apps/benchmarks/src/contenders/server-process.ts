import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Cores } from './cores.ts';

export interface ServerProcess {
  /** @throws {Error} with what it had to say, when it has ended by itself */
  stillRuns(): void;
  /** Asks it to finish, and waits until it is gone. */
  stop(): Promise<void>;
}

export interface ServerProgram {
  /** Arguments of Node: options, the program, its own arguments. */
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly cores: Cores | undefined;
}

/** Starts a server on the core for servers. Of the surrounding environment it sees the PATH only. */
export function startProcess({ command, environment, cores }: ServerProgram): ServerProcess {
  const [program, ...words] = cores ? ['taskset', '-c', `${cores.server}`, process.execPath] : [process.execPath];
  const child: ChildProcess = spawn(program ?? '', [...words, ...command], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr?.on('data', (chunk) => {
    said = `${said}${chunk}`.slice(-4_000);
  });
  const gone = once(child, 'close');
  const ended = () => child.exitCode !== null || child.signalCode !== null;
  // NOTE: whatever happens to this process, no server stays behind.
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);

  return {
    stillRuns() {
      if (ended()) throw new Error(`the server ended early:\n${said}`);
    },
    async stop() {
      if (!ended()) child.kill('SIGTERM');
      const timer = setTimeout(kill, 15_000);
      await gone;
      clearTimeout(timer);
      process.off('exit', kill);
    },
  };
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
