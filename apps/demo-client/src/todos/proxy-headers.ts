/** What a browser may tell the API. Its cookies and credentials are not among it: the token is put in on the server. */
const requestNames = [
  'accept',
  'accept-language',
  'content-type',
  'if-match',
  'if-none-match',
  'idempotency-key',
  'prefer',
  'traceparent',
  'tracestate',
];

/** What the API may tell a browser. No cookies, no policies: this origin speaks for itself. */
const responseNames = [
  'content-language',
  'content-type',
  'etag',
  'last-modified',
  'retry-after',
  'ratelimit',
  'ratelimit-policy',
  'www-authenticate',
];

/** These hold addresses of the API, which here are addresses of ours. */
const addressNames = ['link', 'location'];

export function upstreamHeaders(received: (name: string) => string): Headers {
  const headers = new Headers();
  for (const name of requestNames) {
    const value = received(name);
    if (value !== '') headers.set(name, value);
  }
  return headers;
}

/** @param apiUrl the API's origin, whose addresses become paths of ours */
export function browserHeaders(headers: Headers, apiUrl: string): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of responseNames) {
    const value = headers.get(name);
    if (value !== null) kept[name] = value;
  }
  for (const name of addressNames) {
    const value = headers.get(name);
    if (value !== null) kept[name] = value.replaceAll(`${apiUrl}/`, '/');
  }
  return kept;
}
