import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { resolveFromRoot } from '@latchkey/settings';

export interface LauncherRun {
  readonly process: ChildProcess;
  /** Everything that it has printed so far. */
  output(): string;
  /** Resolves at the first output that fits; rejects, with all the output, when the launcher ends before. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  /** Exit code and signal. */
  readonly ended: Promise<readonly [number | null, NodeJS.Signals | null]>;
}

export type PortSettings = Readonly<
  Record<'AUTHORIZATION_SERVER_PORT' | 'TODOS_API_PORT' | 'DEMO_CLIENT_PORT', string>
>;

/** Runs what `npm start` runs, with these settings on top of the environment. */
export function runLauncher(settings: Readonly<Record<string, string>>): LauncherRun {
  const child = spawn(process.execPath, [resolveFromRoot('apps/launcher/src/main.ts')], {
    env: { ...inheritedEnvironment(), ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let isOver = false;
  const waiting: (() => void)[] = [];
  const news = () => new Promise<void>((resolve) => waiting.push(resolve));
  const tell = () => {
    for (const wake of waiting.splice(0)) wake();
  };
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      tell();
    });
  const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  void ended.then(() => {
    isOver = true;
    tell();
  });

  return {
    process: child,
    output: () => output,
    ended,
    async says(pattern) {
      for (;;) {
        const match = pattern.exec(output);
        if (match) return match;
        if (isOver) throw new Error(`The launcher ended without saying ${pattern}. It said:\n${output}`);
        await news();
      }
    },
  };
}

/** Nothing of the test runner's own may reach the apps. */
function inheritedEnvironment(): NodeJS.ProcessEnv {
  const foreign = /^(PW_|PLAYWRIGHT_|VITEST|TEST_|NODE_OPTIONS$|NODE_ENV$|FORCE_COLOR$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

/** Ports that nobody uses, below those that the system gives to outgoing connections. */
export async function findFreePorts(): Promise<PortSettings> {
  const ports = new Set<string>();
  while (ports.size < 3) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if ((await isFree('127.0.0.1', port)) && (await isFree('::1', port))) ports.add(String(port));
  }
  const [first = '', second = '', third = ''] = ports;
  return { AUTHORIZATION_SERVER_PORT: first, TODOS_API_PORT: second, DEMO_CLIENT_PORT: third };
}

async function isFree(host: string, port: number): Promise<boolean> {
  const server = createServer().listen({ host, port, exclusive: true });
  try {
    await once(server, 'listening');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'EADDRINUSE';
  }
  server.close();
  await once(server, 'close');
  return true;
}
