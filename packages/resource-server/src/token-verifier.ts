import { errors, jwtVerify } from 'jose';
import type { IssuerKeys } from './issuer-keys.ts';
import { type Principal, toPrincipal } from './principal.ts';
import { invalidToken, type Refusal, tokenExpired, verificationUnavailable } from './refusals.ts';

/** Signatures that a resource server can check without being able to make them. */
export const asymmetricAlgorithms = [
  ...['ES256', 'ES384', 'ES512'],
  ...['RS256', 'RS384', 'RS512'],
  ...['PS256', 'PS384', 'PS512'],
  ...['EdDSA', 'Ed25519'],
] as const;

export type AsymmetricAlgorithm = (typeof asymmetricAlgorithms)[number];

export interface TokenVerifierOptions {
  readonly issuer: string;
  readonly audience: string;
  readonly keys: IssuerKeys;
  readonly algorithms: readonly AsymmetricAlgorithm[];
  readonly clockToleranceSeconds: number;
  readonly now: () => number;
}

export type TokenVerifier = (token: string) => Promise<Principal | Refusal>;

/**
 * RFC 9068, section 4, in its order: `typ`, signature by an allowed algorithm, `iss`, `aud`, `exp`; then the claims'
 * shapes, so that no handler meets a surprise.
 */
export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  const { issuer, audience, keys, clockToleranceSeconds, now } = options;
  const algorithms = [...options.algorithms];

  return async (token) => {
    if (!(await keys.ready())) return verificationUnavailable(1);
    try {
      const { payload } = await jwtVerify(token, keys.find, {
        issuer,
        audience,
        algorithms,
        typ: 'at+jwt',
        requiredClaims: ['exp', 'iat', 'sub', 'client_id', 'jti'],
        clockTolerance: clockToleranceSeconds,
        currentDate: new Date(now()),
      });
      // TODO: DPoP (RFC 9449). Until then a token bound to a key is refused: without the proof it is a stolen one.
      if (payload.cnf !== undefined) return invalidToken('bound to a key, but presented as a bearer token');
      const principal = toPrincipal(payload, token);
      return 'malformed' in principal ? invalidToken(`malformed claim: ${principal.malformed}`) : principal;
    } catch (error) {
      // NOTE: jose throws plain TypeErrors too (an HMAC algorithm against a public key, say): no token makes a 500.
      return error instanceof errors.JWTExpired ? tokenExpired(error) : invalidToken(error);
    }
  };
}
