import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

/** The status that is answered to a request which no HTTP client would send. @param lines without Host and Connection */
export async function rawStatus(port: number, [first, ...headers]: readonly string[]): Promise<number> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const lines = [first, 'Host: api.example', 'Connection: close', ...headers, '', ''];
  socket.write(lines.join('\r\n'), 'latin1');
  return Number(/^HTTP\/1\.1 (\d{3}) /.exec(await text(socket))?.[1]);
}
