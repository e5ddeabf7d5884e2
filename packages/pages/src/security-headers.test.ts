import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Koa from 'koa';
import { expect, test } from 'vitest';
import { securityHeaders } from './security-headers.ts';

async function headersOf(https: boolean): Promise<Headers> {
  const app = new Koa();
  app.use(securityHeaders({ https }));
  app.use((ctx) => {
    ctx.body = 'the page';
  });
  const server = createServer(app.callback()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { headers } = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  server.closeAllConnections();
  server.close();
  return headers;
}

test('a page runs only own scripts, loads nothing from elsewhere and cannot be framed', async () => {
  const headers = await headersOf(false);
  const policy = headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain('unsafe');
  expect(headers.get('x-frame-options')).toBe('DENY');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
});

test('form-action is left out: Chromium holds it against the whole redirect chain, which ends at the client', async () => {
  expect((await headersOf(true)).get('content-security-policy')).not.toContain('form-action');
});

test('only an https origin asks for https from then on', async () => {
  expect((await headersOf(true)).get('strict-transport-security')).toContain('max-age=31536000');
  expect((await headersOf(false)).get('strict-transport-security')).toBeNull();
});
