import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { listen, traceContext } from '@latchkey/service';
import Koa, { type Middleware } from 'koa';
import { expect, test } from 'vitest';
import type { Party, Report } from './exchange.ts';
import { createFlowReporter, type FlowReporter } from './flow-reporter.ts';

interface App extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly told: Report[];
  readonly reporter: FlowReporter;
}

async function startApp(party: Party, answer: (reporter: FlowReporter) => Middleware, to: Party = 'api'): Promise<App> {
  const told: Report[] = [];
  const app = new Koa();
  const listener = await listen({
    handler: (...request) => void app.callback()(...request),
    host: 'localhost',
    port: 0,
  });
  const url = `http://localhost:${listener.port}`;
  const reporter = createFlowReporter({
    party,
    origin: url,
    destination: () => to,
    tell: (report) => told.push(structuredClone(report)),
    isQuiet: (path) => path === '/quiet',
  });
  app.silent = true;
  app.use(traceContext()).use(reporter.middleware()).use(answer(reporter));
  return { url, port: listener.port, told, reporter, [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose]() };
}

const echo = () => async (ctx: Koa.Context) => {
  ctx.type = ctx.get('Accept');
  ctx.body = await text(ctx.req);
};

test('a browser’s request is told when it comes and again with its answer, and the app notices nothing', async () => {
  await using app = await startApp('client', ({ check }) => async (ctx) => {
    expect(app.told).toHaveLength(1);
    check([{ name: 'state', outcome: 'passed' }]);
    await echo()(ctx);
  });
  const headers = { cookie: 'session=1', 'content-type': 'application/x-www-form-urlencoded', accept: 'text/plain' };
  const response = await fetch(`${app.url}/auth?state=1`, { method: 'POST', headers, body: 'name=Alice' });
  expect(await response.text()).toBe('name=Alice');
  const [first, second] = app.told;
  expect(first).toMatchObject({ from: 'browser', to: 'client', reporter: 'client', channel: 'front', checks: [] });
  expect(first).not.toHaveProperty('answer');
  expect(first?.id).toMatch(/^[0-9a-f]{32}-[0-9a-f]{16}$/);
  expect(second).toMatchObject({
    id: first?.id,
    request: { method: 'POST', url: `${app.url}/auth?state=1`, body: 'name=Alice' },
    answer: { status: 200, body: 'name=Alice' },
    checks: [{ by: 'client', name: 'state', outcome: 'passed' }],
  });
  expect(second?.request.headers).toContainEqual(['cookie', 'session=1']);
  expect(second?.tookMs).toBeGreaterThan(0);
});

test('what one app sends and the other receives is one exchange, caused by the request that is being served', async () => {
  await using api = await startApp('api', ({ check }) => (ctx) => {
    check([{ name: 'aud', outcome: 'passed' }]);
    ctx.body = { ok: true };
  });
  await using client = await startApp('client', (reporter) => async (ctx) => {
    const response = await reporter.fetch(`${api.url}/token`, { method: 'POST', body: new URLSearchParams('code=1') });
    reporter.check([{ name: 'nonce', outcome: 'failed', detail: 'another one' }], 'sent');
    ctx.body = await response.json();
  });
  expect(await (await fetch(client.url)).json()).toEqual({ ok: true });
  const sent = client.told.filter(({ to }) => to === 'api');
  const [received] = api.told;
  expect(new Set([...sent, ...api.told].map(({ id }) => id)).size).toBe(1);
  expect(sent[0]).toMatchObject({ from: 'client', channel: 'back', causedBy: client.told[0]?.id });
  expect(sent[1]).toMatchObject({ answer: { status: 200, body: '{"ok":true}' } });
  expect(sent[2]?.checks).toEqual([{ by: 'client', name: 'nonce', outcome: 'failed', detail: 'another one' }]);
  expect(received).toMatchObject({ from: 'client', channel: 'back', traceId: sent[0]?.traceId });
  expect(api.told[1]?.checks).toEqual([{ by: 'api', name: 'aud', outcome: 'passed' }]);
});

test('a page that calls by script is the browser’s, whatever trace it goes on with', async () => {
  await using app = await startApp('client', echo);
  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
  await fetch(app.url, { headers: { traceparent, 'sec-fetch-site': 'same-origin' } });
  expect(app.told[0]).toMatchObject({ from: 'browser', channel: 'front', traceId: 'a'.repeat(32) });
  expect(app.told[0]?.id).not.toContain('b'.repeat(16));
});

test('what is long reaches the app whole and is told in part; pages and other things are not told', async () => {
  await using app = await startApp('api', echo);
  const long = 'ä'.repeat(300_000);
  const ask = async (type: string) => {
    app.told.length = 0;
    const headers = { 'content-type': type, accept: type };
    expect(await (await fetch(app.url, { method: 'POST', headers, body: long })).text()).toBe(long);
    const { request, answer } = app.told.at(-1) as Report;
    return [request.body?.length, answer?.body?.length];
  };
  expect(await ask('application/json')).toEqual([8_192, 16_384]);
  expect(await ask('application/problem+json')).toEqual([8_192, 16_384]);
  expect(await ask('text/html')).toEqual([undefined, undefined]);
  expect(await ask('image/png')).toEqual([undefined, undefined]);
});

test.each(['/quiet', '/livez', '/readyz', '/metrics', '/assets/style.css', '/favicon.ico'])(
  'of %s nothing is told',
  async (path) => {
    await using app = await startApp('api', echo);
    await fetch(app.url + path);
    expect(app.told).toEqual([]);
  },
);

test.each([
  'OPTIONS * HTTP/1.1',
  'GET http://elsewhere.example/x HTTP/1.1',
  `GET /${'x'.repeat(9_000)} HTTP/1.1`,
  'GET //elsewhere.example:port/%ff?%00[ HTTP/1.1',
])('whatever a stranger writes, what is told of it can be read: %.40s', async (line) => {
  await using app = await startApp('api', echo);
  const socket = connect(app.port, 'localhost');
  const headers = Array.from({ length: 150 }, (_, index) => `x-${index}: 1`).join('\r\n');
  socket.end(`${line}\r\nHost: localhost\r\n${headers}\r\nConnection: close\r\n\r\n`);
  expect(await text(socket)).toMatch(/^HTTP\/1.1 200/);
  const { url, headers: noted } = app.told.at(-1)?.request ?? { url: '', headers: [] };
  expect(new URL(url).origin).toBe(app.url);
  expect(url.length).toBeLessThanOrEqual(4_096);
  expect(noted.length).toBeLessThanOrEqual(100);
});

test('what is looked at twice is told once, as failed if it failed once', async () => {
  await using app = await startApp('api', ({ check }) => (ctx) => {
    check([
      { name: 'exp', outcome: 'passed' },
      { name: 'scope', outcome: 'passed' },
    ]);
    check([
      { name: 'exp', outcome: 'passed' },
      { name: 'scope', outcome: 'failed', detail: 'x'.repeat(1_000) },
    ]);
    check([{ name: 'scope', outcome: 'passed' }]);
    ctx.body = '';
  });
  await fetch(app.url);
  const checks = app.told.at(-1)?.checks ?? [];
  expect(checks.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual(['exp passed', 'scope failed']);
  expect(checks.at(-1)?.detail).toHaveLength(400);
});

test('requests at the same time keep their own findings', async () => {
  await using app = await startApp('api', ({ check }) => async (ctx) => {
    await new Promise(setImmediate);
    check([{ name: 'scope', outcome: 'failed', detail: ctx.path }]);
    ctx.body = '';
  });
  const paths = Array.from({ length: 20 }, (_, index) => `/${index}`);
  await Promise.all(paths.map((path) => fetch(app.url + path)));
  for (const { request, checks, answer } of app.told)
    if (answer) expect(checks.map(({ detail }) => detail)).toEqual([new URL(request.url).pathname]);
});

test('a call is answered as soon as what is told of it is there, and told as it ends: broken off, or not answered', async () => {
  let finish = () => {};
  const server = createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).write('x'.repeat(20_000));
    if (request.url === '/broken') response.write('', () => response.destroy());
    else finish = () => response.end('y');
  }).listen(0, 'localhost');
  await once(server, 'listening');
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  const told: Report[] = [];
  const { fetch: call } = createFlowReporter({
    party: 'client',
    origin: url,
    destination: () => 'api',
    tell: (report) => told.push(report),
  });

  const response = await call(url);
  expect(told.at(-1)?.answer?.body).toHaveLength(16_384);
  finish();
  expect(await response.text()).toHaveLength(20_001);

  const broken = await call(`${url}/broken`);
  await expect(broken.text()).rejects.toThrow();

  server.close().closeAllConnections();
  await expect(call(url)).rejects.toThrow('fetch failed');
  expect(told.at(-1)).toMatchObject({ failure: 'ECONNREFUSED', checks: [] });
});
