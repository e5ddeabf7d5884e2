import { once } from 'node:events';
import { connect } from 'node:net';
import { createResponseParser, type HttpAnswer } from './response-parser.ts';

/** One keep-alive connection that does one request at a time. */
export interface Connection extends Disposable {
  /** @param request the whole of it, as it goes over the wire */
  ask(request: string): Promise<HttpAnswer>;
}

/** Raw, because a client that does more than necessary would be measured too. */
export async function openConnection(port: number): Promise<Connection> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  await once(socket, 'connect');
  const parse = createResponseParser();
  let waiting: PromiseWithResolvers<HttpAnswer> | undefined;

  const fail = (error: Error) => {
    waiting?.reject(error);
    waiting = undefined;
    socket.destroy();
  };
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('the server closed the connection')));
  socket.on('data', (chunk) => {
    try {
      const answer = parse(chunk);
      if (!answer) return;
      const asked = waiting;
      waiting = undefined;
      asked?.resolve(answer);
    } catch (error) {
      fail(error as Error);
    }
  });

  return {
    ask(request) {
      if (socket.destroyed) return Promise.reject(new Error('the server has closed the connection'));
      waiting = Promise.withResolvers<HttpAnswer>();
      socket.write(request, 'latin1');
      return waiting.promise;
    },
    [Symbol.dispose]: () => socket.destroy(),
  };
}
