import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import type { Report } from './exchange.ts';
import { createReportSender } from './report-sender.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

function report(id: string): Report {
  return {
    id,
    reporter: 'api',
    traceId: 't',
    from: 'client',
    to: 'api',
    channel: 'back',
    startedAt: 0,
    request: { method: 'GET', url: 'http://localhost/', headers: [] },
    checks: [],
  };
}

async function collector() {
  const told: string[] = [];
  const sizes: number[] = [];
  const secrets = new Set<string | undefined>();
  const server = createServer(async (request, response) => {
    secrets.add(request.headers.authorization);
    const body = await text(request);
    sizes.push(body.length);
    told.push(...(JSON.parse(body) as Report[]).map(({ id }) => id));
    response.writeHead(204).end();
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return { told, sizes, secrets, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

test('reports arrive in their order, also after a time in which there was nothing to tell', async () => {
  const { url, told, secrets } = await collector();
  const { tell, close } = createReportSender({ url, secret: 'known to both' });
  for (const round of ['a', 'b', 'c', 'd']) {
    for (const count of [1, 2, 3]) tell(report(`${round}${count}`));
    await expect.poll(() => told.at(-1)).toBe(`${round}3`);
  }
  tell(report('last'));
  await close();
  expect(told).toEqual(['a1', 'a2', 'a3', 'b1', 'b2', 'b3', 'c1', 'c2', 'c3', 'd1', 'd2', 'd3', 'last']);
  expect([...secrets]).toEqual(['Bearer known to both']);
});

test('who takes what is told and never answers does not hold up the end', async () => {
  const server = createServer(() => {}).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const { tell, close } = createReportSender({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    secret: 's',
  });
  tell(report('first'));
  await once(server, 'request');
  tell(report('second'));
  const began = performance.now();
  await close();
  expect(performance.now() - began).toBeLessThan(1_500);
});

test('where nobody listens nothing is held up, and nothing thrown', async () => {
  const { tell, close } = createReportSender({ url: 'http://127.0.0.1:1/', secret: 's' });
  for (let count = 0; count < 2_000; count++) tell(report(String(count)));
  await close();
});

test('what is much at once is sent in parts that the collector takes, and in its order', async () => {
  const { url, told, sizes } = await collector();
  const { tell, close } = createReportSender({ url, secret: 's' });
  const ids = Array.from({ length: 200 }, (_, index) => String(index));
  for (const id of ids) tell({ ...report(id), answer: { status: 200, headers: [], body: 'x'.repeat(16_384) } });
  await expect.poll(() => told.length, { timeout: 5_000 }).toBe(200);
  await close();
  expect(told).toEqual(ids);
  expect(sizes.length).toBeGreaterThan(1);
  expect(Math.max(...sizes)).toBeLessThan(1_100_000);
});
