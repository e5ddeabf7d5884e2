import Koa from 'koa';
import { expect, test } from 'vitest';
import { listen } from './listener.ts';
import { createMetrics } from './metrics.ts';
import { probes } from './probes.ts';

async function startProbed(ready: () => Promise<void>) {
  const reasons: unknown[] = [];
  const app = new Koa();
  app.use(probes({ ready, metrics: createMetrics(), onNotReady: (error) => reasons.push(error) }));
  app.use((ctx) => {
    ctx.body = 'the app';
  });
  const listener = await listen({ handler: app.callback(), host: '127.0.0.1', port: 0 });
  return {
    reasons,
    get: (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${listener.port}${path}`, init),
    [Symbol.asyncDispose]: () => listener.close(0),
  };
}

test('an app that can work is live and ready', async () => {
  await using app = await startProbed(async () => {});
  for (const path of ['/livez', '/readyz']) {
    const response = await app.get(path);
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual({ status: 'ok' });
  }
});

test('an app that cannot work is live, not ready, and tells the reason to the log only', async () => {
  const reason = new Error('the database at 10.0.0.7 is away');
  await using app = await startProbed(() => Promise.reject(reason));
  expect((await app.get('/livez')).status).toBe(200);
  const response = await app.get('/readyz');
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toBe('1');
  expect(await response.text()).not.toContain('10.0.0.7');
  expect(app.reasons).toEqual([reason]);
});

test('metrics come in the text format of Prometheus', async () => {
  await using app = await startProbed(async () => {});
  const response = await app.get('/metrics');
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=/);
  expect(await response.text()).toContain('# TYPE process_cpu_user_seconds_total counter');
});

test('everything else goes on to the app, and so does a POST to a probe', async () => {
  await using app = await startProbed(async () => {});
  expect(await (await app.get('/other')).text()).toBe('the app');
  expect(await (await app.get('/readyz', { method: 'POST' })).text()).toBe('the app');
});
