import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import type { Middleware } from 'koa';

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

export interface Assets {
  /** The address of a file, with a digest of its content in it: it may be kept for ever. */
  url(name: string): string;
  readonly middleware: Middleware;
}

/** Serves a fixed set of files from memory under `/assets/`. */
export function createAssets(files: Readonly<Record<string, string>>): Assets {
  const urls = new Map<string, string>();
  const served = new Map<string, { body: Buffer; type: string }>();
  for (const [name, path] of Object.entries(files)) {
    const body = readFileSync(path);
    const digest = createHash('sha256').update(body).digest('hex').slice(0, 12);
    const extension = extname(name);
    const url = `/assets/${name.slice(0, -extension.length)}-${digest}${extension}`;
    urls.set(name, url);
    served.set(url, { body, type: types[extension] ?? 'application/octet-stream' });
  }

  return {
    url(name) {
      const url = urls.get(name);
      if (!url) throw new Error(`no asset is named ${name}`);
      return url;
    },
    middleware: async (ctx, next) => {
      if (!ctx.path.startsWith('/assets/')) return next();
      const file = served.get(ctx.path);
      if (!file || (ctx.method !== 'GET' && ctx.method !== 'HEAD')) {
        ctx.status = 404;
        ctx.type = 'text';
        ctx.body = 'There is no such file.\n';
        return undefined;
      }
      ctx.set('Cache-Control', 'public, max-age=31536000, immutable');
      ctx.type = file.type;
      ctx.body = file.body;
      return undefined;
    },
  };
}
