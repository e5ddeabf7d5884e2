import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What the npm that runs the tests says about that very run. Registry, cache and proxies are for every npm alike. */
const ofThatRun =
  /^npm_(command|lifecycle_|package_|config_(local_prefix|workspace|include_workspace|ignore_scripts|global_prefix|prefix))/;

/**
 * Runs npm as a stranger would, in a folder of theirs, and gives what it prints.
 *
 * @throws {Error} with its output when it ends with another code than 0
 */
export async function npm(folder: string, ...options: readonly string[]): Promise<string> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !ofThatRun.test(name)));
  const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'];
  const { stdout } = await run('npm', [...options, ...quiet], { cwd: folder, env, maxBuffer: 16 * 1024 * 1024 });
  return stdout;
}
