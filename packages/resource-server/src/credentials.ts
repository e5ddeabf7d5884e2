import { invalidRequest, type Refusal } from './refusals.ts';

/** What the core reads of a request; Node's `IncomingMessage` is one. */
export interface RequestFacts {
  /** Names and values in turn, as received: `headers` would show only the first of two `Authorization` headers. */
  readonly rawHeaders: readonly string[];
  /** Path and query. */
  readonly url?: string | undefined;
}

/**
 * RFC 6750, section 2: the bearer token of a request; `undefined` without credentials or with another scheme.
 * Tokens in the query string are refused, since addresses end in logs and histories (RFC 9700, section 4.3.2).
 */
export function readBearerToken({ rawHeaders, url = '' }: RequestFacts): string | undefined | Refusal {
  if (hasQueryToken(url)) return invalidRequest('The access token belongs in the Authorization header');

  const values = rawHeaders.filter((_, index) => index % 2 === 1 && isAuthorization(rawHeaders[index - 1]));
  if (values.length > 1) return invalidRequest('More than one Authorization header');

  const [scheme, ...credentials] = (values[0] ?? '').split(/[ \t]+/).filter((part) => part !== '');
  if (scheme?.toLowerCase() !== 'bearer') return undefined;
  const [token, ...others] = credentials;
  if (token === undefined) return invalidRequest('The Authorization header carries no token');
  if (others.length > 0) return invalidRequest('The Authorization header carries more than one token');
  return token;
}

function isAuthorization(name: string | undefined): boolean {
  return name?.toLowerCase() === 'authorization';
}

function hasQueryToken(url: string): boolean {
  const start = url.indexOf('?');
  return start !== -1 && new URLSearchParams(url.slice(start)).has('access_token');
}
