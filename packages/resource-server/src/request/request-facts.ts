/** What the core reads of a request; Node's `IncomingMessage` is one, and so are the requests of Koa and Express below. */
export interface RequestFacts {
  /** Default `GET`. */
  readonly method?: string | undefined;
  /** Path and query, as received. */
  readonly url?: string | undefined;
  /** Names and values in turn, as received: `headers` would show only the first of two `Authorization` headers. */
  readonly rawHeaders: readonly string[];
  /** For tokens that are bound to the certificate of the connection (`mtls: 'connection'`). */
  readonly socket?: unknown;
}

const known = new WeakMap<Request, RequestFacts>();

/**
 * The facts of a Fetch API `Request` (Hono, Workers, Deno, Bun). The same request gives the same facts, so that its
 * token is verified once.
 *
 * NOTE: the Fetch API joins headers of one name with a comma. Two bearer tokens are seen all the same, since no token
 * contains one.
 */
export function factsOf(request: Request): RequestFacts {
  const before = known.get(request);
  if (before) return before;
  const { pathname, search } = new URL(request.url);
  const facts = { method: request.method, url: pathname + search, rawHeaders: [...request.headers].flat() };
  known.set(request, facts);
  return facts;
}

/** The values of every header of this name. @param name in lower case */
export function headerValues({ rawHeaders }: RequestFacts, name: string): string[] {
  const values: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const candidate = rawHeaders[index];
    if (candidate?.length === name.length && candidate.toLowerCase() === name) values.push(rawHeaders[index + 1] ?? '');
  }
  return values;
}
