import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import Koa from 'koa';
import { expect, test } from 'vitest';
import { canonicalHost } from './canonical-host.ts';
import { listen } from './listener.ts';

/** Asks an app whose public origin is `origin`, as a client that says `Host: host`. */
async function ask(origin: string, host: string, path = '/here?a=b', { proxy = false, headers = {} } = {}) {
  const app = new Koa({ proxy });
  app.use(canonicalHost(origin));
  app.use((ctx) => {
    ctx.body = 'the page';
  });
  await using listener = await listen({ handler: app.callback(), host: '127.0.0.1', port: 0 });
  const request = get({
    host: '127.0.0.1',
    port: listener.port,
    path,
    agent: false,
    headers: { Host: host, ...headers },
  });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.resume();
  return { status: response.statusCode, location: response.headers.location };
}

test('the own host is let through', async () => {
  expect(await ask('https://login.example', 'login.example')).toMatchObject({ status: 200 });
  expect(await ask('http://localhost:3000', 'localhost:3000')).toMatchObject({ status: 200 });
});

test.each(['evil.example', 'login.example:8080', 'login.example.evil.example', '127.0.0.1', ''])(
  'Host: %s is refused by https://login.example',
  async (host) => {
    expect(await ask('https://login.example', host)).toEqual({ status: 421, location: undefined });
  },
);

test.each(['127.0.0.1:3000', '[::1]:3000'])('%s is sent to localhost, with path and query', async (host) => {
  expect(await ask('http://localhost:3000', host)).toEqual({
    status: 308,
    location: 'http://localhost:3000/here?a=b',
  });
});

test.each(['127.0.0.1:3001', 'localhost', 'evil.example:3000'])('%s is not localhost:3000', async (host) => {
  expect(await ask('http://localhost:3000', host)).toMatchObject({ status: 421 });
});

test('the redirect stays on the own origin, whatever the path looks like', async () => {
  const { location } = await ask('http://localhost:3000', '127.0.0.1:3000', '//evil.example/%0d%0aSet-Cookie:a');
  expect(new URL(location ?? '').origin).toBe('http://localhost:3000');
});

test('behind a trusted proxy the forwarded host counts', async () => {
  const forwarded = (host: string) => ({ proxy: true, headers: { 'X-Forwarded-Host': host } });
  const origin = 'https://login.example';
  expect(await ask(origin, 'inside:3000', '/', forwarded('login.example'))).toMatchObject({ status: 200 });
  expect(await ask(origin, 'login.example', '/', forwarded('evil.example'))).toMatchObject({ status: 421 });
});

test.each(['http://evil.example/here', 'http://[/x', 'https://login.example/here', '*'])(
  'a request line with %s is refused, whatever the Host: addresses would be derived from it',
  async (path) => {
    expect(await ask('https://login.example', 'login.example', path)).toEqual({ status: 400, location: undefined });
  },
);
