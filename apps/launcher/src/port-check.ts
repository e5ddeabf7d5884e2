import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { App } from './apps.ts';

const loopbackAddresses = ['127.0.0.1', '::1'];

/**
 * Whether somebody listens on the port at either loopback address. Asked both ways: a listener on all addresses does
 * not hinder a more particular one everywhere, and one that is too busy to accept still holds the port.
 */
export async function isPortTaken(port: number): Promise<boolean> {
  for (const host of loopbackAddresses) if ((await answers(host, port)) || !(await canListen(host, port))) return true;
  return false;
}

/**
 * The members whose port is taken. A run that was killed a moment ago may still be letting go of its ports, so what is
 * taken is looked at again for a while.
 *
 * @param patienceMs how long to look again, in milliseconds
 */
export async function findTakenPorts<Member extends { readonly port: number }>(
  members: readonly Member[],
  patienceMs = 1_500,
): Promise<Member[]> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const checks = await Promise.all(members.map(({ port }) => isPortTaken(port)));
    const taken = members.filter((_, index) => checks[index]);
    if (taken.length === 0 || performance.now() >= deadline) return taken;
    await delay(100);
  }
}

/** Every taken port at once, who needs it, and a command that avoids them. */
export function takenPortsText(taken: readonly Pick<App, 'port' | 'portVariable' | 'title'>[]): string {
  const lines = taken.map(
    ({ port, portVariable, title }) =>
      `Port ${port} is taken by another program, and the ${title} needs it. ${portVariable} chooses another.`,
  );
  const choices = taken.map(({ port, portVariable }) => `${portVariable}=${port + (port > 64_000 ? -1_000 : 1_000)}`);
  return [...lines, `For example: ${choices.join(' ')} npm start`].join('\n');
}

async function answers(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function canListen(host: string, port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen({ host, port, exclusive: true });
    await once(server, 'listening');
  } catch (error) {
    // NOTE: where listening fails otherwise (no IPv6, a port for root only), the app itself says it better.
    return (error as NodeJS.ErrnoException).code !== 'EADDRINUSE';
  }
  server.close();
  await once(server, 'close');
  return true;
}
