import { once } from 'node:events';
import { mkdtempDisposableSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Koa from 'koa';
import { expect, test } from 'vitest';
import { createAssets } from './assets.ts';

function assetsOf(style: string) {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'latchkey-'));
  const file = join(folder.path, 'style.css');
  writeFileSync(file, style);
  return createAssets({ 'style.css': file });
}

async function startServer(style: string) {
  const assets = assetsOf(style);
  const app = new Koa();
  app.use(assets.middleware);
  app.use((ctx) => {
    ctx.body = 'the app';
  });
  const server = createServer(app.callback()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: assets.url('style.css'),
    get: (path: string, method = 'GET') => fetch(`http://127.0.0.1:${port}${path}`, { method }),
    /** The path goes out as it is: `fetch` would tidy it up first. */
    async getRaw(path: string) {
      const sent = request({ host: '127.0.0.1', port, path, agent: false }).end();
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      response.resume();
      return response;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

test('the address changes with the content, so that a file may be kept for ever', async () => {
  expect(assetsOf('a{}').url('style.css')).toMatch(/^\/assets\/style-[0-9a-f]{12}\.css$/);
  expect(assetsOf('a{}').url('style.css')).toBe(assetsOf('a{}').url('style.css'));
  expect(assetsOf('a{}').url('style.css')).not.toBe(assetsOf('b{}').url('style.css'));
});

test('a file is served with its type, to be kept', async () => {
  await using server = await startServer('a{}');
  const response = await server.get(server.url);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/css; charset=utf-8');
  expect(response.headers.get('cache-control')).toContain('immutable');
  expect(await response.text()).toBe('a{}');
});

test.each([
  '/assets/style.css',
  '/assets/style-000000000000.css',
  '/assets/../package.json',
  '/assets/%2e%2e/package.json',
  '/assets/style.css%00',
])('%s is not there', async (path) => {
  await using server = await startServer('a{}');
  const response = await server.getRaw(path);
  expect(response.statusCode).toBe(404);
  expect(response.headers['cache-control']).toBeUndefined();
});

test('a file cannot be posted to, and other paths go on to the app', async () => {
  await using server = await startServer('a{}');
  expect((await server.get(server.url, 'POST')).status).toBe(404);
  expect(await (await server.get('/assets')).text()).toBe('the app');
});

test('a name that is not there is a mistake of ours', () => {
  expect(() => assetsOf('a{}').url('other.css')).toThrow('no asset is named other.css');
});
