import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { resolveFromRoot } from '@latchkey/settings';
import { npm } from './npm.ts';
import { kitManifest } from './packed-kit.ts';

const run = promisify(execFile);

export interface StrangerProject extends Disposable {
  readonly folder: string;
  write(file: string, text: string): void;
  /** Type-checks the files as strictly as can be. Gives what the compiler prints: nothing when all is well. */
  check(files: readonly string[], options?: Readonly<Record<string, unknown>>): Promise<string>;
}

const lockedPackages: Readonly<Record<string, { readonly version?: string; readonly link?: boolean }>> = JSON.parse(
  readFileSync(resolveFromRoot('package-lock.json'), 'utf8'),
).packages;

export const noPeer = { '@types/node': lockedVersion('@types/node') };
/** Everything that an entry of the kit may need, in the versions that its own tests use. Databases are the app's choice. */
export const everyPeer = {
  ...noPeer,
  ...Object.fromEntries(
    Object.entries(kitManifest.devDependencies).filter(([name]) => !/^(@latchkey\/|better-sqlite3$|pg$)/.test(name)),
  ),
};

/** An empty project that installs the tarball, and besides it only what is named. */
export async function strangerProject(
  tarball: string,
  dependencies: Readonly<Record<string, string>>,
): Promise<StrangerProject> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-stranger-'));
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  const manifest = {
    name: 'stranger',
    type: 'module',
    dependencies: { ...dependencies, '@latchkey/resource-server': `file:${tarball}` },
  };
  write('package.json', JSON.stringify(manifest));
  // What the kit is installed with is what our own lock file says; npm drops what nothing here asks for.
  const ours = Object.entries(lockedPackages).filter(([path, { link }]) => path.startsWith('node_modules/') && !link);
  write('package-lock.json', JSON.stringify({ lockfileVersion: 3, packages: { '': {}, ...Object.fromEntries(ours) } }));
  await npm(folder, 'install', '--ignore-scripts');

  return {
    folder,
    write,
    async check(files, options = {}) {
      const compilerOptions = { ...strict, ...options };
      write('tsconfig.json', JSON.stringify({ compilerOptions, files }));
      const compiler = resolveFromRoot('node_modules/.bin/tsc');
      return run(compiler, ['--project', folder, '--pretty', 'false']).then(
        () => '',
        (error: { readonly stdout?: string }) => error.stdout || String(error),
      );
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const strict = {
  target: 'es2023',
  module: 'nodenext',
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  erasableSyntaxOnly: true,
  allowImportingTsExtensions: true,
  skipLibCheck: true,
  noEmit: true,
};

function lockedVersion(name: string): string {
  const version = lockedPackages[`node_modules/${name}`]?.version;
  if (version === undefined) throw new Error(`${name} is not in the lock file`);
  return version;
}
