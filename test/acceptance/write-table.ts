/** `npm run acceptance`: runs the tests that name rows, and writes docs/acceptance.md from what they reported. */
import { spawnSync } from 'node:child_process';
import { mkdtempDisposableSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { acceptanceTable } from './acceptance-table.ts';
import { namedTests } from './named-tests.ts';
import { playwrightRuns, vitestRuns } from './test-reports.ts';

const root = new URL('../..', import.meta.url).pathname;
const named = '[SF][0-9]+(, [SF][0-9–]+|–[SF]?[0-9]+)*: ';

using folder = mkdtempDisposableSync(join(tmpdir(), 'latchkey-acceptance-'));
const [unit, stories] = [join(folder.path, 'unit.json'), join(folder.path, 'stories.json')];
run('vitest', ['run', '-t', named, '--reporter=dot', '--reporter=json', `--outputFile.json=${unit}`]);
run('playwright', ['test', '-g', named, '--reporter=json'], { PLAYWRIGHT_JSON_OUTPUT_FILE: stories });

const runs = [...vitestRuns(report(unit)), ...playwrightRuns(report(stories))];
const day = new Date().toISOString().slice(0, 10);
writeFileSync(join(root, 'docs', 'acceptance.md'), acceptanceTable(namedTests(), runs, day));
process.exitCode = runs.every(({ passed }) => passed) ? 0 : 1;

function run(program: string, args: readonly string[], more: Readonly<Record<string, string>> = {}): void {
  const { error } = spawnSync(program, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...more } });
  if (error) throw error;
}

function report(file: string) {
  return JSON.parse(readFileSync(file, 'utf8'));
}
