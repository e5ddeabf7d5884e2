import { decodeJwt } from 'jose';
import { invalidToken } from '../refusal/refusals.ts';
import type { FetchJson } from './fetched-json.ts';
import { createIntrospection } from './introspection.ts';
import { createIssuerKeys } from './issuer-keys.ts';
import type { IssuerSettings } from './issuer-options.ts';
import { rememberingVerifier } from './remembering-verifier.ts';
import { createTokenVerifier, type TokenVerifier } from './token-verifier.ts';

export interface TokenVerifiersOptions {
  /** At least one, each with an identifier of its own; one at most introspects. */
  readonly issuers: readonly IssuerSettings[];
  readonly fetchJson: FetchJson;
  readonly clockToleranceSeconds: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** How many verified tokens are remembered for each issuer; 0 for none. */
  readonly cacheEntries: number;
  readonly onFailure?: (issuer: string, cause: unknown) => void;
}

/** One verifier for all issuers: JWTs go to the one that they name, everything else to the one that is asked about it. */
export function createTokenVerifiers(options: TokenVerifiersOptions): TokenVerifier {
  const { issuers } = options;
  const byIssuer = new Map(issuers.map((settings) => [settings.issuer, issuerVerifier(settings, options)]));
  const [only] = byIssuer.size === 1 ? byIssuer.values() : [];
  const introspect = issuers.map((settings) => introspectionOf(settings, options)).find((each) => each !== undefined);

  return (token) => {
    if (introspect && !isJwtShaped(token)) return introspect(token);
    if (only) return only(token);
    // NOTE: what the token says is not believed yet: it only chooses who checks it, and with which keys.
    const verify = byIssuer.get(issuerNamedIn(token) ?? '');
    return verify ? verify(token) : invalidToken('of an issuer that is not trusted');
  };
}

function issuerVerifier(settings: IssuerSettings, options: TokenVerifiersOptions): TokenVerifier {
  const { fetchJson, now, clockToleranceSeconds, cacheEntries, onFailure } = options;
  const { issuer, jwksUri } = settings;
  const keys = createIssuerKeys({
    issuer,
    jwksUri,
    fetchJson,
    now,
    ...(onFailure && { onFailure: (cause) => onFailure(issuer, cause) }),
  });
  const verify = createTokenVerifier({ settings, keys, clockToleranceSeconds, now });
  if (cacheEntries === 0) return verify;
  return rememberingVerifier({ verify, keys, maxEntries: cacheEntries, nowSeconds: () => now() / 1000 });
}

function introspectionOf(settings: IssuerSettings, options: TokenVerifiersOptions): TokenVerifier | undefined {
  const { fetchJson, now, clockToleranceSeconds, onFailure } = options;
  const { introspection, issuer } = settings;
  if (!introspection) return undefined;
  return createIntrospection({
    settings: { ...settings, introspection },
    fetchJson,
    now,
    clockToleranceSeconds,
    ...(onFailure && { onFailure: (cause) => onFailure(issuer, cause) }),
  });
}

/** RFC 7515, section 3.1: three parts, of which the first is an object in base64url. */
function isJwtShaped(token: string): boolean {
  return /^eyJ[\w-]*\.[\w-]*\.[\w-]*$/.test(token);
}

function issuerNamedIn(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined;
  }
}
