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
  const secrets = new Set<string | undefined>();
  const server = createServer(async (request, response) => {
    secrets.add(request.headers.authorization);
    told.push(...(JSON.parse(await text(request)) as Report[]).map(({ id }) => id));
    response.writeHead(204).end();
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return { told, secrets, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
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

test('where nobody listens nothing is held up, and nothing thrown', async () => {
  const { tell, close } = createReportSender({ url: 'http://127.0.0.1:1/', secret: 's' });
  for (let count = 0; count < 2_000; count++) tell(report(String(count)));
  await close();
});
