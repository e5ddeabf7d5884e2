import { errors, type JWTVerifyOptions, jwtVerify } from 'jose';
import type { Awaitable } from '../awaitable.ts';
import { invalidToken, type Refusal, tokenExpired, verificationUnavailable } from '../refusal/refusals.ts';
import { isCompactJws } from './compact-jws.ts';
import type { IssuerKeys } from './issuer-keys.ts';
import type { IssuerSettings } from './issuer-options.ts';
import { type Principal, toPrincipal } from './principal.ts';

export interface TokenVerifierOptions {
  readonly settings: IssuerSettings;
  readonly keys: IssuerKeys;
  readonly clockToleranceSeconds: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export type TokenVerifier = (token: string) => Awaitable<Principal | Refusal>;

/**
 * RFC 9068, section 4, in its order: `typ`, signature by an allowed algorithm, `iss`, `aud`, `exp`; then the claims'
 * shapes, so that no handler meets a surprise.
 *
 * NOTE: by jose, whatever a verification of our own would save: the cache is for speed, and this is for being right.
 */
export function createTokenVerifier({
  settings,
  keys,
  clockToleranceSeconds,
  now,
}: TokenVerifierOptions): TokenVerifier {
  const { issuer, audiences, algorithms, profile, claimNames } = settings;
  const strict = profile === 'rfc9068';
  const expected = {
    issuer,
    audience: [...audiences],
    algorithms: [...algorithms],
    ...(strict && { typ: 'at+jwt' }),
    requiredClaims: ['exp', 'sub', claimNames.client, ...(strict ? ['iat', 'jti'] : [])],
    clockTolerance: clockToleranceSeconds,
  } satisfies JWTVerifyOptions;

  return async (token) => {
    const ready = keys.ready();
    if (ready !== true && !(await ready))
      return verificationUnavailable(Math.max(1, Math.ceil(keys.retryInMs() / 1000)));
    if (!isCompactJws(token)) return invalidToken('no JWT, or not in its only spelling');
    try {
      const { payload, protectedHeader } = await jwtVerify(token, keys.find, {
        ...expected,
        currentDate: new Date(now()),
      });
      if (!strict && !isAccessTokenType(protectedHeader.typ)) return invalidToken('a token of another type');
      const principal = toPrincipal(payload, token, claimNames);
      return 'malformed' in principal ? invalidToken(`malformed claim: ${principal.malformed}`) : principal;
    } catch (error) {
      // NOTE: jose throws plain TypeErrors too (an HMAC algorithm against a public key, say): no token makes a 500.
      return error instanceof errors.JWTExpired ? tokenExpired(error) : invalidToken(error);
    }
  };
}

/** Tokens that are told apart by their type are never access tokens: logout tokens, proofs, assertions. */
function isAccessTokenType(typ: unknown): boolean {
  return typ === undefined || (typeof typ === 'string' && /^(application\/)?(at\+)?jwt$/i.test(typ));
}
