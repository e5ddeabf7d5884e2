/** Why a proof is refused, for the log: what exactly is wrong helps only who forges one. */
export type DpopFailure =
  | 'no proof'
  | 'several proofs'
  | 'too long'
  | 'not a JWT'
  | 'a critical header parameter'
  | 'another typ'
  | 'alg not allowed'
  | 'jwk is no public key'
  | 'jwk of an unsound size'
  | 'signature not of jwk'
  | 'jti missing or malformed'
  | 'htm missing or malformed'
  | 'htu missing or malformed'
  | 'iat missing or malformed'
  | 'htm of another method'
  | 'htu of another address'
  | 'nonce missing or outdated'
  | 'iat too long ago'
  | 'iat in the future'
  | 'ath of another access token'
  | 'not the key of the access token'
  | 'presented before';

export interface DpopRefusal {
  readonly ok: false;
  readonly failed: DpopFailure;
  /** RFC 9449, section 9: answer `error="use_dpop_nonce"` with a new nonce, rather than `invalid_dpop_proof`. */
  readonly nonceRequired: boolean;
  /** What the library said. For the log. */
  readonly cause?: unknown;
}

export function refused(failed: DpopFailure, cause?: unknown): DpopRefusal {
  return { ok: false, failed, nonceRequired: failed === 'nonce missing or outdated', cause };
}
