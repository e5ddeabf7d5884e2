import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

export interface Asset {
  readonly body: Buffer;
  readonly type: string;
  /** The body, compressed when it is first asked for. */
  compressed(): Promise<Buffer>;
}

export interface Assets {
  /** A digest of all of them is in the address: what is there may be kept for ever. */
  url(name: string): string;
  find(path: string): Asset | undefined;
}

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const ours = [
  'authorization.js',
  'docs-page.css',
  'granted-scopes.js',
  'mark.svg',
  'operation-access.js',
  'operation-parts.js',
  'operations.css',
  'plugin.js',
  'redirect.js',
  'scope-choices.js',
  'sign-in-dialog.js',
  'sign-in-flow.js',
  'sign-in-lifetime.js',
  'sign-in-panel.js',
  'sign-in-state.js',
  'start.js',
];
const swaggers = ['swagger-ui.css', 'swagger-ui-bundle.js'];

/**
 * The files of the page, from memory; no path that a request names reaches the disk. They share one folder in the
 * address, so that modules find one another by their plain names.
 *
 * @throws {Error} when `swagger-ui-dist` is not installed
 */
export function loadAssets(basePath: string): Assets {
  const files = new Map<string, Buffer>();
  for (const name of ours) files.set(name, readFileSync(new URL(`../../docs-page/${name}`, import.meta.url)));
  for (const name of swaggers) files.set(name, readFileSync(pathOfSwagger(name)));

  const digest = createHash('sha256');
  for (const [name, body] of files) digest.update(`${name} ${body.length}\n`).update(body);
  const folder = `${basePath}/${digest.digest('hex').slice(0, 12)}`;

  const assets = new Map([...files].map(([name, body]) => [`${folder}/${name}`, assetOf(name, body)]));
  return {
    url(name) {
      if (!files.has(name)) throw new Error(`the docs page has no file named ${name}`);
      return `${folder}/${name}`;
    },
    find: (path) => assets.get(path),
  };
}

function assetOf(name: string, body: Buffer): Asset {
  let compressed: Promise<Buffer> | undefined;
  return {
    body,
    type: types[extname(name)] ?? 'application/octet-stream',
    compressed: () => (compressed ??= promisify(gzip)(body)),
  };
}

function pathOfSwagger(name: string): string {
  try {
    return createRequire(import.meta.url).resolve(`swagger-ui-dist/${name}`);
  } catch (cause) {
    throw new Error(
      'The docs page is drawn by swagger-ui-dist. Install it beside this package: npm i swagger-ui-dist',
      {
        cause,
      },
    );
  }
}
