import { type AccessTokenClaims, type ClaimNames, standardClaimNames } from './principal.ts';

/** Signatures that a resource server can check without being able to make them. */
export const asymmetricAlgorithms = [
  ...['ES256', 'ES384', 'ES512'],
  ...['RS256', 'RS384', 'RS512'],
  ...['PS256', 'PS384', 'PS512'],
  ...['EdDSA', 'Ed25519'],
] as const;

export type AsymmetricAlgorithm = (typeof asymmetricAlgorithms)[number];

/** How opaque tokens are looked up (RFC 7662). */
export interface IntrospectionOptions {
  /** This API's own client at the issuer, authenticated by `client_secret_basic`. */
  readonly clientId: string;
  readonly clientSecret: string;
  /** Default: as the issuer's metadata says. */
  readonly endpoint?: string;
  /**
   * How long an answer is believed without asking again, in seconds: so long a revoked token goes on. Never beyond the
   * token's own end. Default 0: each request asks.
   */
  readonly cacheSeconds?: number;
}

/** One authorization server whose tokens are taken, and how strictly. */
export interface IssuerOptions {
  /** Its issuer identifier, exactly as in its tokens and its metadata. */
  readonly issuer: string;
  /** What tokens must carry in `aud`, one of these. Default: the resource. */
  readonly audiences?: readonly string[];
  /** Default: those of the resource server. */
  readonly algorithms?: readonly AsymmetricAlgorithm[];
  /** Where its keys are. Default: as its metadata says. */
  readonly jwksUri?: string;
  /**
   * `rfc9068`: tokens of the type `at+jwt` with every claim that RFC 9068, section 2.2 requires. `jwt`: for issuers
   * older than that: the type may be `JWT` or absent, `iat` and `jti` may be absent. Default `rfc9068`.
   *
   * NOTE: with `jwt` only `aud` tells an access token from an ID token, so the audience must be this API's alone.
   */
  readonly profile?: 'rfc9068' | 'jwt';
  /** Where scopes are in place of `scope`: `scp`, `scopes`, `permissions`; a string or a list. */
  readonly scopeClaim?: string;
  /** Where the client is in place of `client_id`: `azp`, `cid`. */
  readonly clientClaim?: string;
  /**
   * Whether a person has granted the token, for `subject: 'person'`. Default: where `sub` is not the client, as RFC 9068,
   * section 2.2 has it; with the profile `jwt`, where `sub` may be anything, no token is a person's unless this says so.
   */
  readonly isPerson?: (claims: AccessTokenClaims) => boolean;
  /** Takes this issuer's opaque tokens too. */
  readonly introspection?: IntrospectionOptions;
}

/** An issuer with nothing left out. */
export interface IssuerSettings extends IssuerOptions {
  readonly audiences: readonly string[];
  readonly algorithms: readonly AsymmetricAlgorithm[];
  readonly profile: 'rfc9068' | 'jwt';
  readonly claimNames: ClaimNames;
}

export function issuerSettings(
  options: string | IssuerOptions,
  defaults: Pick<IssuerSettings, 'audiences' | 'algorithms'>,
): IssuerSettings {
  const given = typeof options === 'string' ? { issuer: options } : options;
  const { profile = 'rfc9068', scopeClaim, clientClaim = standardClaimNames.client } = given;
  const { isPerson = profile === 'jwt' ? () => false : undefined } = given;
  const claimNames = {
    scope: scopeClaim ?? standardClaimNames.scope,
    scopeList: scopeClaim !== undefined,
    client: clientClaim,
    isPerson,
  };
  return { ...defaults, ...given, profile, claimNames };
}
