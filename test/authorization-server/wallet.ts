import { createHash } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';

export type Wallet = Awaited<ReturnType<typeof wallet>>;

/** RFC 9449: a key that stays with the app, and proofs made with it. */
export async function wallet() {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const jwk: JWK = await exportJWK(publicKey);
  return {
    jkt: await calculateJwkThumbprint(jwk),
    proof(htm: string, htu: string, claims: Record<string, unknown> = {}) {
      const { token, ...more } = claims;
      const ath = token === undefined ? {} : { ath: createHash('sha256').update(String(token)).digest('base64url') };
      const payload = { jti: crypto.randomUUID(), iat: Math.floor(Date.now() / 1000), htm, htu, ...ath, ...more };
      return new SignJWT(payload).setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk }).sign(privateKey);
    },
  };
}
