/**
 * The parameters of the `Bearer` challenge (RFC 6750, section 3), beside which one without an error may stand for DPoP
 * (RFC 9449, section 7.1); fails on anything else.
 */
export function readChallenge(response: Pick<Response, 'headers'>): Record<string, string> {
  const header = response.headers.get('www-authenticate') ?? '';
  const form = /^Bearer ((?:[a-z_]+="[^"\\]*")(?:, [a-z_]+="[^"\\]*")*), DPoP algs="[A-Za-z0-9 ]+"$/.exec(header);
  if (!form?.[1]) throw new Error(`not a Bearer challenge: ${header}`);
  const pairs = [...form[1].matchAll(/([a-z_]+)="([^"]*)"/g)].map(([, name, value]) => [name, value]);
  if (new Set(pairs.map(([name]) => name)).size !== pairs.length) throw new Error(`a parameter twice: ${header}`);
  return Object.fromEntries(pairs);
}
