import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SuiteApp } from './suite-app.ts';

/** A framework's handler on a free loopback port. */
export async function listening(handler: RequestListener): Promise<SuiteApp> {
  const server = createServer(handler).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return appOf(server);
}

export function appOf(server: Server): SuiteApp {
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}
