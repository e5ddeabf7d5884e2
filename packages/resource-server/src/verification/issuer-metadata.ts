import type { FetchJson } from './fetched-json.ts';

/** What a resource server reads of an issuer's metadata. */
export interface IssuerMetadata {
  readonly jwks_uri: string | undefined;
  readonly introspection_endpoint: string | undefined;
}

/**
 * The issuer's metadata (RFC 8414, section 3, or OpenID Connect Discovery 1.0, section 4).
 *
 * @throws {Error} when neither document can be had, or it is another issuer's
 */
export async function discoverIssuer(issuer: string, fetchJson: FetchJson): Promise<IssuerMetadata> {
  const metadata = await firstDocument(metadataAddresses(issuer), fetchJson);
  // NOTE: RFC 8414, section 3.3. Without this check one issuer could pass its keys off as another's.
  if (metadata.issuer !== issuer) throw new Error(`the issuer metadata names another issuer: ${metadata.issuer}`);
  return {
    jwks_uri: addressIn(metadata, 'jwks_uri', issuer),
    introspection_endpoint: addressIn(metadata, 'introspection_endpoint', issuer),
  };
}

function addressIn(metadata: Readonly<Record<string, unknown>>, name: string, issuer: string): string | undefined {
  const value = metadata[name];
  const url = typeof value === 'string' ? URL.parse(value) : null;
  if (!url) return undefined;
  if (issuer.startsWith('https:') && url.protocol !== 'https:')
    throw new Error(`the ${name} of an https issuer is not https`);
  return url.href;
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
    const { json } = await fetchJson(url);
    if (isRecord(json)) return json;
  }
  throw new Error(`no issuer metadata at ${urls.join(' or ')}`);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
