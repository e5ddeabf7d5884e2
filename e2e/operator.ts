import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { resolveFromRoot } from '@latchkey/settings';
import type { Town } from './town.ts';

/** Runs the operator's command line on a town, beside its running server. The answer is what `--json` prints. */
export async function latchkey({ environment }: Town, ...command: readonly string[]): Promise<Record<string, unknown>> {
  const program = resolveFromRoot('apps/authorization-server/src/cli.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...command, '--json'], {
    env: { PATH: process.env.PATH, ...environment },
  });
  return JSON.parse(stdout) as Record<string, unknown>;
}
