import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { resolveFromRoot } from '@latchkey/settings';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { packagesBehind } from './imports.ts';
import { nodeLines, nodeOf } from './node-runtimes.ts';
import { npm } from './npm.ts';
import { copyKit, entries, type KitCopy, kitManifest, type Manifest, readManifest } from './packed-kit.ts';
import { everyPeer, noPeer, type StrangerProject, strangerProject } from './stranger-project.ts';

/* What other teams install, looked at from where they stand: a project that has the tarball, and nothing of ours. */

const readme = readFileSync(resolveFromRoot('packages/resource-server/README.md'), 'utf8');
/** The README's table of what each entry needs beside it. */
const needs = new Map(
  [...readme.matchAll(/^\| `(@latchkey\/resource-server[^`]*)` \|.*\|([^|]*)\|$/gm)].map(([, entry = '', packages]) => [
    entry,
    [...(packages ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
  ]),
);
const withoutPeers = entries.filter((entry) => needs.get(entry)?.length === 0);

let copy: KitCopy;
let tarball: string;
let alone: StrangerProject;
let full: StrangerProject;
let installed: string;
let manifest: Manifest;

beforeAll(async () => {
  copy = copyKit();
  tarball = await copy.pack();
  [alone, full] = await Promise.all([strangerProject(tarball, noPeer), strangerProject(tarball, everyPeer)]);
  installed = join(full.folder, 'node_modules/@latchkey/resource-server');
  manifest = readManifest(installed);
});

afterAll(() => {
  for (const made of [copy, alone, full]) made[Symbol.dispose]();
});

describe('the tarball', () => {
  test('holds what was built, what the docs page shows, the README and the license', () => {
    const files = readdirSync(installed, { recursive: true, encoding: 'utf8' });
    const strange = files.filter((file) => !/^(dist|docs-page|README\.md$|LICENSE$|package\.json$)/.test(file));
    expect(strange).toEqual([]);
    expect(files.filter((file) => /\.test\.|tsconfig|(?<!\.d)\.ts$/.test(file))).toEqual([]);
    expect(readFileSync(join(installed, 'LICENSE'), 'utf8')).toBe(readFileSync(resolveFromRoot('LICENSE'), 'utf8'));
  });

  test('stays small', () => {
    expect(statSync(tarball).size).toBeLessThan(256 * 1024);
  });

  test('depends on jose alone, and calls everything else optional', () => {
    expect(Object.keys(manifest.dependencies)).toEqual(['jose']);
    const optional = Object.keys(manifest.peerDependencies).filter(
      (peer) => manifest.peerDependenciesMeta[peer]?.optional,
    );
    expect(optional).toEqual(Object.keys(manifest.peerDependencies));
  });

  test('has the entries of this workspace, and nothing that only this workspace needs', () => {
    expect(Object.keys(manifest.exports)).toEqual(Object.keys(kitManifest.exports));
    expect(manifest).not.toHaveProperty('private');
    expect(manifest).not.toHaveProperty('scripts');
    expect(manifest).not.toHaveProperty('devDependencies');
    expect(manifest).toMatchObject({ license: 'Apache-2.0', type: 'module', engines: { node: '>=22' } });
  });
});

describe('packing', () => {
  const manifestNow = () => readFileSync(join(copy.folder, 'package.json'), 'utf8');
  const kept = () => readdirSync(copy.folder).filter((name) => name.startsWith('package.json.'));

  test('leaves the manifest as it was', () => {
    expect(manifestNow()).toBe(copy.manifest);
    expect(kept()).toEqual([]);
  });

  test('leaves it so as well when npm fails half way', async () => {
    await expect(copy.pack('--pack-destination', join(copy.root, 'nowhere'))).rejects.toThrow('ENOENT');
    await vi.waitUntil(() => kept().length === 0);
    expect(manifestNow()).toBe(copy.manifest);
  });

  test('is what publishing does, too', async () => {
    const printed = await npm(copy.root, 'publish', '-w', 'packages/resource-server', '--dry-run', '--json', '--force');
    const size = statSync(tarball).size;
    expect(printed).toContain(`"size": ${size}`);
    await vi.waitUntil(() => kept().length === 0);
    expect(manifestNow()).toBe(copy.manifest);
  });
});

describe.each(entries)('%s', (entry) => {
  test.each(['.js', '.d.ts'] as const)('imports in its %s what the README says, and nothing more', (kind) => {
    const { types = '', default: program = '' } = manifest.exports[entry.replace('@latchkey/resource-server', '.')] as {
      readonly types?: string;
      readonly default?: string;
    };
    const named = needs.get(entry) ?? [];
    const allowed = ['node:*', 'jose', ...named, ...(kind === '.d.ts' ? named.map((name) => `@types/${name}`) : [])];
    const imported = packagesBehind(join(installed, kind === '.js' ? program : types), kind);
    expect([...imported].filter((name) => !allowed.includes(name))).toEqual([]);
  });
});

test('the README names what every entry needs, and every optional peer', () => {
  expect([...needs.keys()]).toEqual(entries);
  const named = [...needs.values()].flat();
  const peers = Object.keys(manifest.peerDependencies).filter((peer) => !peer.startsWith('@types/'));
  expect(peers.filter((peer) => !named.includes(peer))).toEqual([]);
});

describe.each(nodeLines)('under Node %i', (line) => {
  /** The names of what each entry exports, as that Node sees them. */
  async function exportsOf(project: StrangerProject, imported: readonly string[]): Promise<Record<string, string[]>> {
    const program = `
      const found = {};
      for (const entry of ${JSON.stringify(imported)}) found[entry] = Object.keys(await import(entry)).sort();
      console.log(JSON.stringify({ node: process.versions.node, found }));`;
    project.write('import-all.js', program);
    const options = { cwd: project.folder };
    const { stdout } = await promisify(execFile)(await nodeOf(line), ['import-all.js'], options);
    const { node, found } = JSON.parse(stdout);
    expect(node).toMatch(new RegExp(`^${line}\\.`));
    return found;
  }

  test('every entry gives what its source gives', async () => {
    const found = await exportsOf(full, entries);
    for (const entry of entries) expect(found[entry], entry).toEqual(Object.keys(await import(entry)).sort());
  });

  test('with nothing installed beside it, whatever needs nothing works', async () => {
    expect(existsSync(join(alone.folder, 'node_modules/koa'))).toBe(false);
    expect(Object.keys(await exportsOf(alone, withoutPeers))).toEqual(withoutPeers);
  });
});

describe.each(['nodenext', 'bundler'])('with module resolution %s', (moduleResolution) => {
  const module = moduleResolution === 'nodenext' ? 'nodenext' : 'esnext';
  const importing = (imported: readonly string[]) =>
    imported.map((entry, index) => `export * as entry${index} from '${entry}';`).join('\n');

  test('the types of every entry are found', async () => {
    full.write('every-entry.ts', importing(entries));
    expect(await full.check(['every-entry.ts'], { module, moduleResolution })).toBe('');
  });

  test('the types of what needs nothing are whole, with nothing installed beside it', async () => {
    alone.write('without-peers.ts', importing(withoutPeers));
    const options = { module, moduleResolution, skipLibCheck: false };
    expect(await alone.check(['without-peers.ts'], options)).toBe('');
  });
});
