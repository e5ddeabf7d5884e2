import { once } from 'node:events';
import { mkdtempDisposableSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { freePort } from '@latchkey/database/testing';
import { asymmetricAlgorithms } from '@latchkey/resource-server';
import { createReplica } from '../fleet/replica.ts';
import { spelt, tableOf } from './answers.ts';
import type { Presented } from './draft.ts';
import { createIssuerDesk, type IssuerDesk } from './issuer-desk.ts';
import { createSigner } from './signer.ts';
import { goodDraft, type Target, type Verdict } from './target.ts';

/** RFC 9110, section 5.5: what no field value can hold. Node refuses it before the API sees it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is about them.
const unsendable = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/;

export interface HttpTargets extends AsyncDisposable {
  readonly targets: readonly Target[];
}

/** The todos API as a process of its own, asked over HTTP with tokens of both kinds. */
export async function startHttpTargets(): Promise<HttpTargets> {
  const stack = new AsyncDisposableStack();
  const desk = await serveDesk(stack);
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const folder = stack.adopt(mkdtempDisposableSync(join(tmpdir(), 'latchkey-fuzz-')), (made) => made.remove());
  const environment = { ISSUER: desk.issuer, PUBLIC_URL: origin, DATA_DIR: folder.path, LOG_LEVEL: 'error' };
  const api = await createReplica(environment, { entry: 'apps/todos-api/src/main.ts', port });
  stack.defer(() => api.stop());
  await api.start();

  const resource = `${origin}/api`;
  const now = () => Date.now();
  const [client, stranger] = await Promise.all([createSigner('ES256'), createSigner('ES256')]);
  const metadataUrl = `${origin}/.well-known/oauth-protected-resource/api`;
  const dpopAlgorithms = asymmetricAlgorithms;
  const table = tableOf({ realm: 'todos', scope: 'read:todos', metadataUrl, dpopAlgorithms, bearer: true });

  async function ask(presented: Presented): Promise<Verdict> {
    const { status, challenge, body } = await exchange(port, presented);
    if (status === 200) return { outcome: 'accepted', text: '' };
    if (status === 400 && body === '' && unsendable.test(presented.headers.flat().join('')))
      return { outcome: 'not HTTP', text: '' };
    const text = spelt(status, challenge, body);
    return { outcome: table.get(text), text };
  }

  const target = (name: string, more: Partial<Parameters<typeof goodDraft>[0]>): Target => ({
    name: `over HTTP: ${name}`,
    context: { issuer: desk.issuer, resource, lax: false, scopeClaim: 'scope', stranger, mode: 'required' },
    now,
    draft: () => goodDraft({ desk, resource, now, ...more }),
    opaqueToken: desk.opaqueToken,
    takes: canBeSent,
    ask,
  });
  return {
    targets: [target('bearer', {}), target('DPoP', { client })],
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** Other methods, paths and parameters have other answers; a header ends with its line; Node takes 16 KiB of headers. */
function canBeSent({ method, url, headers }: Presented): boolean {
  const text = headers.flat().join('');
  const { pathname, searchParams } = new URL(url, 'http://x');
  const known = url === '/api/todos' || (pathname === '/api/todos' && searchParams.has('access_token'));
  return method === 'GET' && known && !/[\r\n]/.test(text) && text.length < 8_000;
}

/** Letter by letter as it is: every HTTP client would refuse to send half of it. */
async function exchange(port: number, { method, url, headers }: Presented) {
  const socket = connect(port, '127.0.0.1');
  const lines = headers.filter(([name]) => name !== 'Host').map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`${method} ${url} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n${lines.join('')}\r\n`);
  const answer = (await buffer(socket)).toString();
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]);
  return { status, challenge: /^www-authenticate: (.*)$/im.exec(head)?.[1]?.trim() ?? '', body };
}

async function serveDesk(stack: AsyncDisposableStack): Promise<IssuerDesk> {
  let desk: IssuerDesk | undefined;
  const server = createServer(async (request, response) => {
    const answer = desk?.answer(`${desk.issuer}${request.url}`, '');
    response.writeHead(answer?.status ?? 404, { 'content-type': 'application/json' });
    response.end(await answer?.text());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  stack.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  desk = await createIssuerDesk(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'ES256');
  return desk;
}
