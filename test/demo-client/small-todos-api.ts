import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';

export interface SmallTodosApi extends AsyncDisposable {
  readonly url: string;
  readonly resource: string;
  /** Every request that came in. */
  readonly requests: {
    method: string;
    url: string;
    headers: IncomingMessage['headers'];
    body: string;
    status: number;
  }[];
  /** How far its clock is ahead, in milliseconds: a token may have expired for it alone. */
  clockAheadMs: number;
  /** What it answers instead of its work. */
  instead: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
  readonly titles: string[];
}

interface StoredTodo {
  id: string;
  title: string;
  completed: boolean;
}

/** A todos API that checks real tokens, and refuses in the contract's words. */
export async function startSmallTodosApi(issuer: () => string): Promise<SmallTodosApi> {
  const todos = new Map<string, StoredTodo>();
  let keys: ReturnType<typeof createRemoteJWKSet> | undefined;
  let lastId = 0;

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    response.on('finish', () => {
      const { method = '', url = '', headers } = request;
      state.requests.push({ method, url, headers, body, status: response.statusCode });
    });
    if (state.instead) return state.instead(request, response);
    return answer(request, response, body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  const resource = `${url}/api`;

  async function answer(request: IncomingMessage, response: ServerResponse, body: string): Promise<void> {
    const refuse = (status: number, error: string, description: string, more = '') => {
      response.setHeader(
        'WWW-Authenticate',
        `Bearer realm="todos", error="${error}", error_description="${description}"${more}`,
      );
      json(response, status, { error, error_description: description });
    };
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (!token) return json(response, 401, { error: 'unauthorized', error_description: 'Not authenticated' });
    let scopes: string[];
    try {
      keys ??= createRemoteJWKSet(new URL('/jwks', issuer()));
      const currentDate = new Date(Date.now() + state.clockAheadMs);
      const { payload } = await jwtVerify(token, keys, {
        issuer: issuer(),
        audience: resource,
        typ: 'at+jwt',
        currentDate,
      });
      scopes = String(payload.scope ?? '').split(' ');
    } catch (error) {
      return refuse(401, 'invalid_token', error instanceof errors.JWTExpired ? 'Token expired' : 'Invalid token');
    }
    const needed = request.method === 'GET' ? 'read:todos' : 'write:todos';
    if (!scopes.includes(needed))
      return refuse(403, 'insufficient_scope', `Missing required scope: ${needed}`, `, scope="${needed}"`);
    return work(request, response, body);
  }

  function work(request: IncomingMessage, response: ServerResponse, body: string): void {
    const { status, answer, location } = carryOut(request, body);
    if (location) response.setHeader('Location', location);
    json(response, status, answer);
  }

  function carryOut(
    { method, url: path = '' }: IncomingMessage,
    body: string,
  ): { status: number; answer?: unknown; location?: string } {
    const id = /^\/api\/todos\/([^/?]+)/.exec(path)?.[1];
    const todo = id === undefined ? undefined : todos.get(id);
    if (id !== undefined && !todo) return { status: 404, answer: { title: 'Not found' } };
    if (method === 'POST') {
      const { title } = JSON.parse(body) as { title: string };
      const detail = 'the title is longer than 100 characters';
      if (title.length > 100) return { status: 422, answer: { title: 'Not valid', detail } };
      const made = { id: String(++lastId), title, completed: false };
      todos.set(made.id, made);
      return { status: 201, answer: made, location: `${url}/api/todos/${made.id}` };
    }
    if (method === 'PATCH') return { status: 200, answer: Object.assign(todo ?? {}, JSON.parse(body)) };
    if (method === 'DELETE') {
      todos.delete(id ?? '');
      return { status: 204 };
    }
    return { status: 200, answer: todo ?? [...todos.values()] };
  }

  const state: SmallTodosApi = {
    url,
    resource,
    requests: [],
    clockAheadMs: 0,
    instead: undefined,
    get titles() {
      return [...todos.values()].map(({ title }) => title);
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return state;
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.statusCode = status;
  response.setHeader('Content-Type', 'application/json');
  response.setHeader('Set-Cookie', 'tracking=1');
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
