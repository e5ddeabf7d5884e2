import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import type { Cores } from './cores.ts';

export interface ServerProcess {
  /** @throws {Error} with what it had to say, when it has ended by itself */
  stillRuns(): void;
  /** What it has had of a core until now, all its threads together; undefined where the system does not tell. */
  cpuSeconds(): number | undefined;
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
    cpuSeconds: () => cpuSecondsOf(child.pid),
    async stop() {
      if (!ended()) child.kill('SIGTERM');
      const timer = setTimeout(kill, 15_000);
      await gone;
      clearTimeout(timer);
      process.off('exit', kill);
    },
  };
}

/** Linux counts in hundredths of a second. */
const ticksPerSecond = 100;

function cpuSecondsOf(pid: number | undefined): number | undefined {
  return exactSecondsOf(pid) ?? countedSecondsOf(pid);
}

/** By the scheduler, in nanoseconds for each thread; not every kernel keeps that. */
function exactSecondsOf(pid: number | undefined): number | undefined {
  try {
    const tasks = readdirSync(`/proc/${pid}/task`);
    const times = tasks.map((task) =>
      Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]),
    );
    const total = times.reduce((sum, time) => sum + time, 0) / 1e9;
    return total > 0 ? total : undefined;
  } catch {
    return undefined;
  }
}

function countedSecondsOf(pid: number | undefined): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // NOTE: the program's name is in brackets and may hold anything; user and system time are the 12th and 13th after it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  } catch {
    return undefined;
  }
}
