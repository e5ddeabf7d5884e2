import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { Transform } from 'node:stream';

/** The one address of several replicas: each connection goes to the next of them that answers. */
export interface FrontDoor extends AsyncDisposable {
  readonly port: number;
  /** Who stands behind it now, by port. */
  replicas: readonly number[];
  /** Method and target of every request that went through, in turn: `GET /jwks`. */
  readonly requests: readonly string[];
  /** Connections that nobody behind it took. */
  readonly turnedAway: number;
}

export async function openFrontDoor(): Promise<FrontDoor> {
  const open = new Set<Socket>();
  let turn = 0;
  const requests: string[] = [];
  const door = { replicas: [] as readonly number[], requests, turnedAway: 0 };

  function forward(visitor: Socket, tries: number): void {
    const port = door.replicas[turn++ % Math.max(1, door.replicas.length)];
    if (port === undefined || tries === 0) {
      door.turnedAway += 1;
      return void visitor.destroy();
    }
    const replica = connect(port, '127.0.0.1');
    let connected = false;
    replica.once('connect', () => {
      connected = true;
      visitor.pipe(noting(requests)).pipe(replica).pipe(visitor);
    });
    replica.on('error', () => {
      if (connected) visitor.destroy();
      else forward(visitor, tries - 1);
    });
    replica.on('close', () => connected && visitor.destroy());
    visitor.on('close', () => replica.destroy());
    visitor.on('error', () => replica.destroy());
  }

  const server = createServer((visitor) => {
    open.add(visitor);
    visitor.on('close', () => open.delete(visitor));
    visitor.on('error', () => {});
    forward(visitor, 8);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return Object.assign(door, {
    port,
    async [Symbol.asyncDispose]() {
      server.close();
      for (const socket of open) socket.destroy();
      await once(server, 'close');
    },
  });
}

/** Lets everything pass, and writes down the first lines of requests (RFC 9112, section 3). */
function noting(requests: string[]): Transform {
  return new Transform({
    transform(chunk: Buffer, _, done) {
      const lines = chunk.toString('latin1').matchAll(/(?:^|\r\n)([A-Z]+ \/[^ \r\n]*) HTTP\/1\.1\r\n/g);
      for (const [, line = ''] of lines) requests.push(line);
      done(null, chunk);
    },
  });
}
