import { type JWTVerifyGetKey, jwtVerify } from 'jose';
import { IssuerUnavailableError } from '../issuer/issuer.ts';

/** OpenID Connect Back-Channel Logout 1.0, section 2.4. */
const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout';

export interface LogoutOrder {
  readonly sub: string | undefined;
  readonly sid: string | undefined;
  readonly jti: string;
  /** Epoch seconds. */
  readonly exp: number;
}

export interface LogoutTokenExpectations {
  readonly keys: JWTVerifyGetKey;
  readonly issuer: string;
  readonly clientId: string;
  readonly now: number;
}

const asymmetric = [
  'ES256',
  'ES384',
  'ES512',
  'PS256',
  'PS384',
  'PS512',
  'RS256',
  'RS384',
  'RS512',
  'EdDSA',
  'Ed25519',
];

/**
 * Checks a logout token by section 2.6, in this order: signature, `typ`, issuer, audience and times; `events` names the
 * logout; `sub` or `sid` is there; `nonce` is not, so that no ID token passes for one. That it came once only is checked
 * where the `jti` is kept.
 *
 * @returns undefined when any check fails
 * @throws {IssuerUnavailableError} when the server's keys cannot be fetched: then nothing is known about the token
 */
export async function readLogoutToken(
  token: string,
  expected: LogoutTokenExpectations,
): Promise<LogoutOrder | undefined> {
  try {
    const { payload } = await jwtVerify(token, expected.keys, {
      typ: 'logout+jwt',
      issuer: expected.issuer,
      audience: expected.clientId,
      algorithms: asymmetric,
      requiredClaims: ['iat', 'exp', 'jti', 'events'],
      maxTokenAge: '10 minutes',
      clockTolerance: 10,
      currentDate: new Date(expected.now),
    });
    const { events, sub, sid, jti, exp } = payload;
    if (typeof events !== 'object' || events === null) return undefined;
    const event: unknown = Reflect.get(events, logoutEvent);
    if (typeof event !== 'object' || event === null || Array.isArray(event)) return undefined;
    if ('nonce' in payload) return undefined;
    if (!isNameOrAbsent(sub) || !isNameOrAbsent(sid)) return undefined;
    if (sub === undefined && sid === undefined) return undefined;
    if (typeof jti !== 'string' || jti === '' || exp === undefined) return undefined;
    return { sub, sid, jti, exp };
  } catch (error) {
    if (error instanceof IssuerUnavailableError) throw error;
    return undefined;
  }
}

function isNameOrAbsent(claim: unknown): claim is string | undefined {
  return claim === undefined || (typeof claim === 'string' && claim !== '');
}
