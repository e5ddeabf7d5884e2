import { hash, randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

export interface DpopProofRequest {
  readonly method: string;
  /** Query and fragment are left out of the proof. */
  readonly url: string;
  /** Leaves `ath` out when it is not given, as at the token endpoint. */
  readonly accessToken?: string;
  /** As the server gave it out in `DPoP-Nonce`. */
  readonly nonce?: string;
  /** Seconds since the epoch. Default: now. */
  readonly iat?: number;
  /** Default: a new one. */
  readonly jti?: string;
  /** Put over the usual ones; `undefined` leaves a claim out. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Put over the usual `typ`, `alg` and `jwk`. */
  readonly header?: Readonly<Record<string, unknown>>;
}

/** The key of a client in a test, new each time (RFC 9449). */
export interface DpopKey {
  /** RFC 7638, SHA-256: what a token that is bound to this key carries as `cnf.jkt`. */
  readonly thumbprint: string;
  readonly publicJwk: JWK;
  /** A proof for one request, as the value of its `DPoP` header. */
  proof(request: DpopProofRequest): Promise<string>;
}

/**
 * Makes a key, and proofs of holding it:
 * `issuer.accessToken({ cnf: { jkt: key.thumbprint } })` is a token bound to it.
 *
 * @param algorithm any asymmetric signature algorithm that jose can make a key for
 */
export async function createDpopKey(algorithm = 'ES256'): Promise<DpopKey> {
  const { privateKey, publicKey } = await generateKeyPair(algorithm);
  const publicJwk = await exportJWK(publicKey);
  return {
    thumbprint: await calculateJwkThumbprint(publicJwk),
    publicJwk,
    proof({ method, url, accessToken, nonce, iat = Math.floor(Date.now() / 1000), jti = randomUUID(), ...over }) {
      const ath = accessToken === undefined ? undefined : hash('sha256', accessToken, 'base64url');
      const usual = { jti, htm: method, htu: url.replace(/[?#].*$/s, ''), iat, ath, nonce };
      return new SignJWT({ ...usual, ...over.claims })
        .setProtectedHeader({ alg: algorithm, typ: 'dpop+jwt', jwk: publicJwk, ...over.header })
        .sign(privateKey);
    },
  };
}
