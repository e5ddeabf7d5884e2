/** The parameters of a `Bearer` challenge (RFC 6750, section 3); fails on anything that is not one, well-formed. */
export function readChallenge(response: Pick<Response, 'headers'>): Record<string, string> {
  const header = response.headers.get('www-authenticate') ?? '';
  const form = /^Bearer ((?:[a-z_]+="[^"\\]*")(?:, [a-z_]+="[^"\\]*")*)$/.exec(header);
  if (!form?.[1]) throw new Error(`not a Bearer challenge: ${header}`);
  const pairs = [...form[1].matchAll(/([a-z_]+)="([^"]*)"/g)].map(([, name, value]) => [name, value]);
  if (new Set(pairs.map(([name]) => name)).size !== pairs.length) throw new Error(`a parameter twice: ${header}`);
  return Object.fromEntries(pairs);
}
