import { RaceFailure } from './race-failure.ts';
import type { Traffic } from './traffic.ts';

/** What is used of the server's metadata, in the wire's spelling. */
export interface ServerMetadata {
  readonly issuer: string;
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
  readonly revocation_endpoint?: string;
  readonly userinfo_endpoint?: string;
  readonly pushed_authorization_request_endpoint?: string;
  readonly dpop_signing_alg_values_supported?: readonly string[];
}

/**
 * Finds the metadata as OpenID Connect Discovery 1.0, section 4, and RFC 8414, section 3, say.
 *
 * @throws {RaceFailure} when there is none, or it is another issuer's
 */
export async function discover(issuer: string, traffic: Traffic): Promise<ServerMetadata> {
  const problems: string[] = [];
  for (const address of metadataAddresses(issuer)) {
    const { status, error, body } = await traffic.ask(address, { headers: { accept: 'application/json' } });
    if (typeof body.authorization_endpoint === 'string' && typeof body.token_endpoint === 'string') {
      // NOTE: RFC 8414, section 3.3. Otherwise one server's name would stand over what another one answered.
      if (bare(String(body.issuer)) !== bare(issuer)) {
        throw new RaceFailure(`${address} speaks for another issuer: ${body.issuer}. Give that one as --issuer.`);
      }
      return body as unknown as ServerMetadata;
    }
    problems.push(`${address}: ${status === undefined ? error : `${status}, no metadata`}`);
  }
  throw new RaceFailure(`No server metadata was found.\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
}

function metadataAddresses(issuer: string): string[] {
  const { origin, pathname } = new URL(issuer);
  const path = bare(pathname);
  return [
    `${origin}${path}/.well-known/openid-configuration`,
    `${origin}/.well-known/oauth-authorization-server${path}`,
  ];
}

/** Some issuers end with a slash, and people leave it out. */
function bare(address: string): string {
  return address.replace(/\/$/, '');
}
