import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Another program listens on the port already. */
export class AddressInUseError extends Error {
  constructor(port: number, setting: string) {
    super(`Port ${port} is taken by another program. Stop that program, or choose another port with ${setting}.`);
    this.name = 'AddressInUseError';
  }
}

export interface ListenOptions {
  readonly handler: RequestListener;
  /** `localhost` binds the IPv4 and the IPv6 loopback address, since browsers choose either. */
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** The environment variable that chooses the port, named in the error. */
  readonly portSetting?: string;
}

export interface Listener extends AsyncDisposable {
  readonly port: number;
  /** Stops accepting, lets running requests finish, and cuts those that last longer than `graceMs`. */
  close(graceMs?: number): Promise<void>;
}

/**
 * Listens for HTTP requests.
 *
 * @throws {AddressInUseError} when the port is taken
 */
export async function listen({ handler, host, port, portSetting = 'PORT' }: ListenOptions): Promise<Listener> {
  const servers: Server[] = [];
  const first = await bind(handler, host === 'localhost' ? '127.0.0.1' : host, port, portSetting);
  servers.push(first);
  const actualPort = (first.address() as AddressInfo).port;
  if (host === 'localhost') {
    try {
      servers.push(await bind(handler, '::1', actualPort, portSetting));
    } catch (error) {
      // NOTE: a machine without IPv6 is fine; a port that somebody else holds on ::1 is not, since browsers may go there.
      if (error instanceof AddressInUseError) {
        await closeAll(servers, 0);
        throw error;
      }
    }
  }

  const close = (graceMs = 5_000) => closeAll(servers, graceMs);
  return { port: actualPort, close, [Symbol.asyncDispose]: () => close(0) };
}

async function bind(handler: RequestListener, host: string, port: number, portSetting: string): Promise<Server> {
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 15_000 }, handler);
  server.listen({ host, port });
  try {
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') throw new AddressInUseError(port, portSetting);
    throw error;
  }
  return server;
}

async function closeAll(servers: readonly Server[], graceMs: number): Promise<void> {
  await Promise.all(
    servers.map(async (server) => {
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), graceMs);
      await closed;
      clearTimeout(timer);
    }),
  );
}
