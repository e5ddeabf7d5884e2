/*
 * Around `npm pack` and `npm publish`. In this workspace the package's entries are its TypeScript sources, which Node
 * runs as they are; elsewhere it does not (it strips no types under `node_modules`). So `before` builds, and puts the
 * published manifest in the place of ours; `after` puts ours back. npm runs `after` only when all went well, therefore a
 * process of its own waits for the end of npm, however that comes about, and does the same.
 */
import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setInterval } from 'node:timers/promises';
import { publishedManifest } from './published-manifest.ts';

const folder = new URL('../', import.meta.url);
const manifest = new URL('package.json', folder);
const packing = 'package.json.while-packing-';

/** Where our manifest is kept as long as that npm runs. */
const keptFor = (npm: number) => new URL(`${packing}${npm}`, folder);

function before(npm: number): void {
  for (const other of runsInThisFolder()) {
    if (isRunning(other)) throw new Error(`npm is packing this folder already (process ${other})`);
    putBack(other);
  }
  build();
  copyFileSync(manifest, keptFor(npm));
  spawn(process.execPath, [import.meta.filename, 'wait', String(npm)], { detached: true, stdio: 'ignore' }).unref();
  const published = publishedManifest(JSON.parse(readFileSync(manifest, 'utf8')));
  const next = new URL(`${packing}next`, folder);
  writeFileSync(next, `${JSON.stringify(published, null, 2)}\n`);
  // NOTE: a rename, so that whoever imports the package at this moment reads one manifest or the other. Both work.
  renameSync(next, manifest);
}

/** What the entries reach, and nothing else: no tests, nor what only tests use. */
function build(): void {
  const { exports } = JSON.parse(readFileSync(manifest, 'utf8')) as { exports: Record<string, string> };
  const files = Object.values(exports).map((source) => join('..', source));
  rmSync(new URL('dist', folder), { recursive: true, force: true });
  mkdirSync(new URL('dist', folder));
  const project = new URL('dist/tsconfig.json', folder);
  writeFileSync(project, JSON.stringify({ extends: '../tsconfig.build.json', files }));
  execFileSync('tsc', ['--project', 'dist'], { cwd: folder, stdio: 'inherit' });
  rmSync(project);
}

function after(npm: number): void {
  // NOTE: after packing, `npm publish` reads the manifest again, and tells the registry what it finds.
  if (process.env.npm_command !== 'publish') putBack(npm);
}

async function wait(npm: number): Promise<void> {
  for await (const _ of setInterval(20)) {
    if (!isRunning(npm)) return putBack(npm);
  }
}

function putBack(npm: number): void {
  if (runsInThisFolder().includes(npm)) renameSync(keptFor(npm), manifest);
}

function runsInThisFolder(): readonly number[] {
  const kept = readdirSync(folder).filter((name) => name.startsWith(packing));
  return kept.map((name) => Number(name.slice(packing.length))).filter((npm) => npm > 0);
}

function isRunning(npm: number): boolean {
  try {
    return process.kill(npm, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

const [step, npm] = process.argv.slice(2);
// The scripts of the manifest begin with `exec`, so that npm itself is the parent, and no shell.
if (step === 'before') before(process.ppid);
else if (step === 'after') after(process.ppid);
else if (step === 'wait') await wait(Number(npm));
else throw new Error('pack.ts is run by npm: npm pack -w packages/resource-server');
