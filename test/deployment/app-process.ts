import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { text } from 'node:stream/consumers';
import { resolveFromRoot } from '@latchkey/settings';

type Environment = Readonly<Record<string, string>>;

export interface AppProcess {
  /** Where it listens, on the loopback address. */
  readonly port: number;
  /** Ends it as a crash would; resolves when it is gone. */
  kill(): Promise<void>;
}

/** Starts one app in production on a free port; resolves when it listens. */
export async function startApp(name: string, environment: Environment): Promise<AppProcess> {
  const child = spawn(process.execPath, [resolveFromRoot(`apps/${name}/src/main.ts`)], {
    env: productionEnvironment({ PORT: '0', ...environment }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  let log = '';
  const port = await new Promise<number>((resolve, reject) => {
    const onText = (chunk: string) => {
      log += chunk;
      const found = /"port":(\d+)/.exec(log)?.[1];
      if (found !== undefined) resolve(Number(found));
    };
    for (const output of [child.stdout, child.stderr]) output.setEncoding('utf8').on('data', onText);
    ended.then(() => reject(new Error(`${name} did not start:\n${log}`)), reject);
  });
  return {
    port,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Runs a command to its end. @returns what it has printed @throws {Error} with what it said, when it fails */
export async function run(command: readonly string[], environment: Environment, input = ''): Promise<string> {
  const [program = '', ...words] = command;
  const child: ChildProcess = spawn(program, words, { env: productionEnvironment(environment) });
  child.stdin?.end(input);
  const [out, err] = await Promise.all([child.stdout, child.stderr].map((output) => (output ? text(output) : '')));
  if (child.exitCode === null) await once(child, 'exit');
  if (child.exitCode !== 0) throw new Error(`${command.join(' ')} ended with ${child.exitCode}:\n${out}${err}`);
  return out ?? '';
}

/** Nothing of the test runner's own reaches them; `node` is the one that runs the tests. */
function productionEnvironment(environment: Environment): NodeJS.ProcessEnv {
  const PATH = `${dirname(process.execPath)}:${process.env.PATH}`;
  return { PATH, NODE_ENV: 'production', NODE_NO_WARNINGS: '1', ...environment };
}
