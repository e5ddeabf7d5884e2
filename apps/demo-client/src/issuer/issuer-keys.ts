import { tracedFetch } from '@latchkey/service';
import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose';
import { type Issuer, IssuerUnavailableError } from './issuer.ts';

/**
 * The authorization server's public keys, fetched when first needed and again when an unknown one is named.
 * What it throws tells a bad token (an error of jose) from keys out of reach ({@link IssuerUnavailableError}).
 *
 * @param send how requests are sent; default: as part of the trace
 */
export function createIssuerKeys(issuer: Issuer, send: typeof fetch = tracedFetch): JWTVerifyGetKey {
  let known: { readonly url: string; readonly keys: JWTVerifyGetKey } | undefined;

  return async (header, token) => {
    const { jwks_uri: url } = (await issuer.configuration()).serverMetadata();
    if (url === undefined) throw new IssuerUnavailableError(new Error('the metadata names no jwks_uri'));
    if (known?.url !== url) known = { url, keys: createRemoteJWKSet(new URL(url), { [customFetch]: send }) };
    try {
      return await known.keys(header, token);
    } catch (error) {
      throw isAboutTheToken(error) ? error : new IssuerUnavailableError(error);
    }
  };
}

function isAboutTheToken(error: unknown): boolean {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported
  );
}
