import Koa from 'koa';
import { expect, test } from 'vitest';
import { listen } from './listener.ts';
import { createMetrics } from './metrics.ts';

test('requests are counted by route, never by the path or method that a stranger chose', async () => {
  const metrics = createMetrics();
  const app = new Koa();
  app.silent = true;
  app.use(metrics.requests((ctx) => (ctx.path.startsWith('/todos/') ? '/todos/:id' : undefined)));
  app.use((ctx) => {
    if (ctx.path === '/broken') throw new Error('broken');
    ctx.body = 'ok';
  });
  await using listener = await listen({ handler: app.callback(), host: '127.0.0.1', port: 0 });
  const ask = (path: string, method = 'GET') => fetch(`http://127.0.0.1:${listener.port}${path}`, { method });
  await ask('/todos/1');
  await ask('/todos/2');
  await ask('/todos/3', 'PROPFIND');
  await ask('/anything');

  const text = await metrics.text();
  expect(text).toContain('http_requests_total{method="GET",route="/todos/:id",status="200"} 2');
  expect(text).toContain('http_requests_total{method="OTHER",route="/todos/:id",status="200"} 1');
  expect(text).toContain('http_requests_total{method="GET",route="unmatched",status="200"} 1');
  expect(text).toContain('http_request_duration_seconds_count{method="GET",route="/todos/:id"} 2');
  expect(text).not.toContain('/anything');
});

test('two apps in one process count apart', async () => {
  expect(createMetrics().registry).not.toBe(createMetrics().registry);
});
