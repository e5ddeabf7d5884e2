import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createIssuerSubject, type TestIssuer, type TestIssuerOptions } from './issuer-subject.ts';

/**
 * Starts an issuer on a free loopback port, for what runs in processes of its own. Within one process `createTestIssuer`
 * does the same without a network.
 */
export async function startTestIssuer(options: TestIssuerOptions): Promise<TestIssuer> {
  // The issuer must know its own address, and that is known once the port is: so the door opens before the house.
  let listener = async (_: IncomingMessage, response: ServerResponse): Promise<void> => {
    response.writeHead(503).end();
  };
  let server = await listen(0);
  const { port } = server.address() as AddressInfo;
  const issuer = `http://127.0.0.1:${port}`;
  const { answer, now, ...subject } = await createIssuerSubject(issuer, options);
  listener = async (request, response) => write(response, await answer(await fetchRequest(issuer, request)));

  async function listen(onPort: number): Promise<Server> {
    const made = createServer((request, response) => void listener(request, response));
    made.listen(onPort, '127.0.0.1');
    await once(made, 'listening');
    return made;
  }

  async function leave() {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  return {
    ...subject,
    options: { issuer, now },
    leave,
    async return() {
      if (!server.listening) server = await listen(port);
    },
    [Symbol.asyncDispose]: leave,
  };
}

async function fetchRequest(issuer: string, request: IncomingMessage): Promise<Request> {
  const { method = 'GET', url = '/', headers } = request;
  const { authorization = '' } = headers;
  const hasBody = method !== 'GET' && method !== 'HEAD';
  return new Request(issuer + url, { method, headers: { authorization }, body: hasBody ? await text(request) : null });
}

async function write(response: ServerResponse, answer: Response): Promise<void> {
  response.writeHead(answer.status, { ...Object.fromEntries(answer.headers), connection: 'close' });
  response.end(await answer.text());
}
