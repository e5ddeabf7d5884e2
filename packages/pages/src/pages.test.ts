import { once } from 'node:events';
import { mkdirSync, mkdtempDisposableSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Koa from 'koa';
import { expect, test } from 'vitest';
import { createAssets } from './assets.ts';
import { createPages, type PageLocals } from './pages.ts';

const layout =
  '<title><%= title %> · <%= product %></title><link href="<%= asset("style.css") %>"><main><%- body %></main>';

/** Renders one view in a layout, over HTTP. */
async function render(view: string, locals: PageLocals, status?: number) {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'latchkey-'));
  mkdirSync(join(folder.path, 'room'));
  writeFileSync(join(folder.path, 'layout.ejs'), layout);
  writeFileSync(join(folder.path, 'room/page.ejs'), view);
  writeFileSync(join(folder.path, 'style.css'), 'a{}');
  const assets = createAssets({ 'style.css': join(folder.path, 'style.css') });
  const pages = createPages({ views: folder.path, assets, product: 'Latchkey' });
  const app = new Koa();
  app.use((ctx) => pages.render(ctx, 'room/page', locals, status));
  const server = createServer(app.callback()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const text = await response.text();
  server.closeAllConnections();
  server.close();
  return { response, text, style: assets.url('style.css') };
}

test('a view is rendered inside the layout, with title, product and assets', async () => {
  const { text, style } = await render('<p><%= name %></p>', { title: 'Sign in', name: 'Alice' });
  expect(text).toBe(`<title>Sign in · Latchkey</title><link href="${style}"><main><p>Alice</p></main>`);
});

test('what people typed is text, never markup', async () => {
  const { text } = await render('<p><%= name %></p>', { title: '<b>', name: '<script>"\'&' });
  expect(text).toContain('<title>&lt;b&gt; ·');
  expect(text).toContain('<p>&lt;script&gt;&#34;&#39;&amp;</p>');
});

test('a page is HTML, is never kept, and has the status that is asked for', async () => {
  const { response } = await render('', { title: 'Gone' }, 410);
  expect(response.status).toBe(410);
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(response.headers.get('cache-control')).toBe('no-store');
});
