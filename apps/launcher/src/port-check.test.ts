import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { findTakenPorts, isPortTaken, takenPortsText } from './port-check.ts';

async function occupy(host: string, port = 0) {
  const server = createServer();
  server.listen({ host, port });
  await once(server, 'listening');
  const free = async () => {
    server.close();
    await once(server, 'close');
  };
  return { port: (server.address() as AddressInfo).port, free, [Symbol.asyncDispose]: free };
}

test.each(['127.0.0.1', '0.0.0.0'])(
  'a port with a listener on %s is taken, and free when the listener is gone',
  async (host) => {
    const other = await occupy(host);
    expect(await isPortTaken(other.port)).toBe(true);
    await other.free();
    expect(await isPortTaken(other.port)).toBe(false);
  },
);

test('all taken ports are found at once', async () => {
  await using first = await occupy('127.0.0.1');
  await using second = await occupy('127.0.0.1');
  const third = await occupy('127.0.0.1');
  await third.free();
  const members = [first, third, second].map(({ port }) => ({ port }));
  expect(await findTakenPorts(members, 0)).toEqual([{ port: first.port }, { port: second.port }]);
});

test('a port that is being let go of is waited for', async () => {
  const going = await occupy('127.0.0.1');
  const found = findTakenPorts([going], 30_000);
  await going.free();
  expect(await found).toEqual([]);
});

test('the text names each port, who needs it, and a command that avoids them', () => {
  const taken = [
    { port: 3000, portVariable: 'AUTHORIZATION_SERVER_PORT', title: 'authorization server' },
    { port: 65_000, portVariable: 'DEMO_CLIENT_PORT', title: 'demo client' },
  ] as const;
  expect(takenPortsText(taken)).toBe(
    [
      'Port 3000 is taken by another program, and the authorization server needs it. AUTHORIZATION_SERVER_PORT chooses another.',
      'Port 65000 is taken by another program, and the demo client needs it. DEMO_CLIENT_PORT chooses another.',
      'For example: AUTHORIZATION_SERVER_PORT=4000 DEMO_CLIENT_PORT=64000 npm start',
    ].join('\n'),
  );
});
