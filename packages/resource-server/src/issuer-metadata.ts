/** The JSON at an address, `undefined` when something else is there. Rejects when nobody answers. */
export type FetchJson = (url: string) => Promise<unknown>;

/**
 * Finds the address of the issuer's keys by its metadata (RFC 8414, section 3, or OpenID Connect Discovery 1.0,
 * section 4).
 *
 * @throws {Error} when neither document can be had, or it is another issuer's
 */
export async function discoverJwksUri(issuer: string, fetchJson: FetchJson): Promise<string> {
  const metadata = await firstDocument(metadataAddresses(issuer), fetchJson);
  // NOTE: RFC 8414, section 3.3. Without this check one issuer could pass its keys off as another's.
  if (metadata.issuer !== issuer) throw new Error(`the issuer metadata names another issuer: ${metadata.issuer}`);
  const { jwks_uri } = metadata;
  const url = typeof jwks_uri === 'string' ? URL.parse(jwks_uri) : null;
  if (!url) throw new Error('the issuer metadata has no usable jwks_uri');
  if (issuer.startsWith('https:') && url.protocol !== 'https:')
    throw new Error('the jwks_uri of an https issuer is http');
  return url.href;
}

/** Fetches JSON with a time limit, in milliseconds; a redirect is an error, since nobody vouches for where it leads. */
export function jsonFetcher(fetch: typeof globalThis.fetch, timeoutMs: number): FetchJson {
  return async (url) => {
    const response = await fetch(url, {
      redirect: 'error',
      headers: { accept: 'application/json' },
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (response.ok) return response.json().catch(() => undefined);
    await response.body?.cancel();
    return undefined;
  };
}

/** RFC 8414 puts the well-known part before the issuer's path, OpenID Connect after it. */
function metadataAddresses(issuer: string): readonly string[] {
  const { origin, pathname } = new URL(issuer);
  const path = pathname.replace(/\/$/, '');
  return [
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${origin}${path}/.well-known/openid-configuration`,
  ];
}

async function firstDocument(
  urls: readonly string[],
  fetchJson: FetchJson,
): Promise<Readonly<Record<string, unknown>>> {
  for (const url of urls) {
    const document = await fetchJson(url);
    if (isRecord(document)) return document;
  }
  throw new Error(`no issuer metadata at ${urls.join(' or ')}`);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
