import type { RequestFacts } from '../request/request-facts.ts';

/** What is read of a request of Node's `http`, `https` or `http2`, and of the frameworks that pass such a request on. */
export interface NodeRequest extends RequestFacts {
  /** As received: routers that are mounted somewhere take their prefix off `url`. */
  readonly originalUrl?: string;
}

/** What is written of Node's answers. */
export interface NodeResponse {
  statusCode: number;
  setHeader(name: string, value: string): unknown;
  end(body: string): unknown;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** NOTE: a property, since a WeakMap with an entry for each request costs several times as much to keep. */
const facts = Symbol('facts');

/**
 * The facts of one request, made when it is first seen and the same ever after.
 *
 * @param receivedUrl path and query as received, where the framework keeps them somewhere else
 */
export function nodeFacts(request: NodeRequest, receivedUrl = request.originalUrl ?? request.url): RequestFacts {
  const known: { [facts]?: RequestFacts } & NodeRequest = request;
  const { method, rawHeaders, socket } = request;
  known[facts] ??= { method, url: receivedUrl, rawHeaders, socket };
  return known[facts];
}

/** NOTE: not by `writeHead`, after which Node no longer counts the body's length and sends it in chunks. */
export function writeAnswer(response: NodeResponse, { status, headers, body }: Answer): void {
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.end(body);
}
