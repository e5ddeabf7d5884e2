import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { App } from './apps.ts';

export interface AppProcess {
  readonly app: App;
  /** Settles with how it ended, in words ("exit code 1"), when the process is gone and its last line was handed on. */
  readonly ended: Promise<string>;
  /** Asks the app to finish its work, and kills it when it takes longer than `patienceMs` or `hurried` says so. */
  stop(hurried: AbortSignal, patienceMs?: number): Promise<void>;
}

const preloads = [import.meta.resolve('@latchkey/demo-clock/preload'), import.meta.resolve('./launcher-watch.ts')];

/**
 * Starts one app as a child process. It is a process group of its own, so that a terminal's Ctrl-C reaches the
 * launcher only, which then stops the apps in order.
 */
export function startApp(app: App, onLine: (app: App, line: string) => void): AppProcess {
  const child = spawn(process.execPath, [...preloads.flatMap((each) => ['--import', each]), app.entry], {
    env: app.environment,
    detached: true,
    windowsHide: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  for (const input of [child.stdout, child.stderr])
    if (input) createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => onLine(app, line));

  let gone = false;
  const ended = new Promise<string>((resolve) => {
    const end = (how: string) => {
      gone = true;
      resolve(how);
    };
    child.once('error', (error) => end(error.message));
    child.once('close', (code, signal) => end(signal ? `killed by ${signal}` : `exit code ${code}`));
  });

  return {
    app,
    ended,
    async stop(hurried, patienceMs = 8_000) {
      if (gone) return;
      const kill = () => child.kill('SIGKILL');
      const timer = setTimeout(kill, patienceMs);
      hurried.addEventListener('abort', kill, { once: true });
      child.kill(hurried.aborted ? 'SIGKILL' : 'SIGTERM');
      await ended;
      clearTimeout(timer);
      hurried.removeEventListener('abort', kill);
    },
  };
}
