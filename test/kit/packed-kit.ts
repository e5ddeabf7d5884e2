import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { resolveFromRoot } from '@latchkey/settings';
import { npm } from './npm.ts';

export interface Manifest {
  readonly exports: Readonly<Record<string, unknown>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional: boolean }>>;
  readonly [member: string]: unknown;
}

const kit = 'packages/resource-server';
/** Built or installed, and none of the package's sources. */
const left = ['dist', 'node_modules'];

/** The kit's manifest in this workspace. */
export const kitManifest: Manifest = readManifest(resolveFromRoot(kit));

export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

/** The entries as they are imported: `@latchkey/resource-server/koa`. */
export const entries = Object.keys(kitManifest.exports).map((entry) => `@latchkey/resource-server${entry.slice(1)}`);

export interface KitCopy extends Disposable {
  /** Of the copied workspace. */
  readonly root: string;
  /** Of the copied kit. */
  readonly folder: string;
  /** Of the copied kit, as it was before it was packed. */
  readonly manifest: string;
  /** `npm pack -w packages/resource-server`. Gives the path of the tarball. */
  pack(...options: readonly string[]): Promise<string>;
}

/** As much of the workspace as packing takes, so that nothing here meets a manifest that is swapped for the moment. */
export function copyKit(): KitCopy {
  const root = mkdtempSync(join(tmpdir(), 'latchkey-kit-'));
  const folder = join(root, kit);
  for (const file of ['package.json', 'tsconfig.json']) cpSync(resolveFromRoot(file), join(root, file));
  mkdirSync(folder, { recursive: true });
  cpSync(resolveFromRoot(kit), folder, { recursive: true, filter: (path) => !left.includes(basename(path)) });
  for (const modules of ['node_modules', `${kit}/node_modules`]) {
    if (existsSync(resolveFromRoot(modules))) symlinkSync(resolveFromRoot(modules), join(root, modules));
  }
  return {
    root,
    folder,
    manifest: readFileSync(join(folder, 'package.json'), 'utf8'),
    async pack(...options) {
      const printed = await npm(root, 'pack', '-w', kit, ...options);
      return join(root, printed.trim().split('\n').at(-1) ?? '');
    },
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
}
