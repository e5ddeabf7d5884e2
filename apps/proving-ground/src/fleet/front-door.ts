import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** The one address of several replicas: each connection goes to the next of them that answers. */
export interface FrontDoor extends AsyncDisposable {
  readonly port: number;
  /** Who stands behind it now, by port. */
  replicas: readonly number[];
}

export async function openFrontDoor(): Promise<FrontDoor> {
  const open = new Set<Socket>();
  let turn = 0;
  const door: { replicas: readonly number[] } = { replicas: [] };

  function forward(visitor: Socket, tries: number): void {
    const port = door.replicas[turn++ % Math.max(1, door.replicas.length)];
    if (port === undefined || tries === 0) return void visitor.destroy();
    const replica = connect(port, '127.0.0.1');
    let connected = false;
    replica.once('connect', () => {
      connected = true;
      visitor.pipe(replica).pipe(visitor);
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
