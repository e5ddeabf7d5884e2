import { once } from 'node:events';
import { type IncomingMessage, request as send } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Certificate } from './certificate.ts';

/** What stands in front of an app in production: TLS, forwarded headers, and the next replica in turn. */
export interface TlsProxy extends AsyncDisposable {
  /** The app's public origin. */
  readonly url: string;
  /** Ports of the replicas behind it. Requests go to each in turn. */
  replicas: readonly number[];
  /** How many answers came from each. */
  readonly answered: ReadonlyMap<number, number>;
  /**
   * The next request to this path is carried out by its replica, but the answer is lost: `cut` runs instead, and the
   * sender hears of a bad gateway.
   */
  loseAnswer(path: string, cut: (replica: number) => Promise<void>): void;
}

export async function startTlsProxy({ certificate, key }: Certificate): Promise<TlsProxy> {
  const answered = new Map<number, number>();
  let losing: Loss | undefined;
  let turn = 0;

  async function forward(request: IncomingMessage, body: Buffer): Promise<Forwarded> {
    turn += 1;
    const order = proxy.replicas.map((_, index, all) => all[(turn + index) % all.length] ?? 0);
    for (const replica of order) {
      try {
        const answer = await ask(replica, request, body);
        const loss = losing;
        if (loss && loss.path === request.url) {
          losing = undefined;
          await loss.cut(replica);
          return badGateway;
        }
        answered.set(replica, (answered.get(replica) ?? 0) + 1);
        return answer;
      } catch (error) {
        // NOTE: refused means that nothing was sent. What may have been carried out is not sent again unless it is safe.
        const refused = (error as NodeJS.ErrnoException).code === 'ECONNREFUSED';
        if (!refused && request.method !== 'GET') return badGateway;
      }
    }
    return badGateway;
  }

  const server = createServer({ cert: certificate, key }, async (request, response) => {
    const { status, headers, body } = await forward(request, await buffer(request));
    response.writeHead(status, headers).end(body);
  }).listen(0, 'localhost');
  await once(server, 'listening');

  const proxy: TlsProxy = {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    replicas: [],
    answered,
    loseAnswer(path, cut) {
      losing = { path, cut };
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return proxy;

  async function ask(replica: number, { method, url, headers }: IncomingMessage, body: Buffer): Promise<Forwarded> {
    const request = send({ host: '127.0.0.1', port: replica, method, path: url, headers: forwardedHeaders(headers) });
    request.end(body);
    const [answer] = (await once(request, 'response')) as [IncomingMessage];
    const { connection: _, 'transfer-encoding': __, 'keep-alive': ___, ...kept } = answer.headers;
    return { status: answer.statusCode ?? 502, headers: kept, body: await buffer(answer) };
  }

  /** None of them is taken from outside. */
  function forwardedHeaders({ connection: _, ...headers }: IncomingMessage['headers']): IncomingMessage['headers'] {
    const { host } = new URL(proxy.url);
    const forwarded = { 'x-forwarded-host': host, 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.7' };
    return { ...headers, host, ...forwarded };
  }
}

interface Loss {
  readonly path: string;
  readonly cut: (replica: number) => Promise<void>;
}

interface Forwarded {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

const badGateway: Forwarded = { status: 502, headers: {}, body: Buffer.from('Bad gateway\n') };
