import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Pages } from '@latchkey/pages';
import Koa from 'koa';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { deviceCodeThrottle } from './device-code-throttle.ts';

const start = 1_700_000_000_000;

beforeEach(() => vi.useFakeTimers({ toFake: ['Date'], now: start }));
afterEach(() => vi.useRealTimers());

/** A page that knows one code, behind the throttle. */
async function startDevicePage() {
  const app = new Koa();
  const pages: Pages = {
    async render(ctx, _view, { heading, explanation }, status = 200) {
      ctx.status = status;
      ctx.body = `${heading}. ${explanation}`;
    },
  } as Pages;
  app.use(deviceCodeThrottle(pages));
  app.use((ctx) => {
    ctx.status = ctx.query.code === 'right' ? 200 : 400;
    ctx.body = 'answered';
  });
  const server = createServer(app.callback()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    enter: (code: string, path = '/device', method = 'POST') =>
      fetch(`http://127.0.0.1:${port}${path}?code=${code}`, { method }),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}

test('after fifteen wrong codes the next is not even looked at, and the wait is told', async () => {
  await using page = await startDevicePage();
  for (let time = 0; time < 15; time++) expect((await page.enter('wrong')).status).toBe(400);
  const refused = await page.enter('right');
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toBe('300');
  expect(await refused.text()).toContain('Wait 5 minutes');
  vi.setSystemTime(start + 300_000);
  expect((await page.enter('right')).status).toBe(200);
});

test('other spellings of the address are counted too', async () => {
  await using page = await startDevicePage();
  const paths = ['/device', '/device/', '/DEVICE', '/Device/'];
  for (let time = 0; time < 15; time++) await page.enter('wrong', paths[time % paths.length]);
  for (const path of paths) expect((await page.enter('right', path)).status).toBe(429);
});

test('right codes, looking at the page, and other addresses count for nothing', async () => {
  await using page = await startDevicePage();
  for (let time = 0; time < 20; time++) {
    await page.enter('right');
    await page.enter('wrong', '/device', 'GET');
    await page.enter('wrong', '/device/authorization');
  }
  expect((await page.enter('right')).status).toBe(200);
});
