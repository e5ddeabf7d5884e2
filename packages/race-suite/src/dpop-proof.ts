import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';

export interface ProofKey {
  /** RFC 9449, section 4.2: a proof for a POST to this address. */
  proof(htu: string, nonce: string | undefined): string;
}

/** A new key (ES256), and proofs made with it. */
export function createProofKey(): ProofKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { kty, crv, x, y } = publicKey.export({ format: 'jwk' });
  const header = encoded({ typ: 'dpop+jwt', alg: 'ES256', jwk: { kty, crv, x, y } });
  return {
    proof(htu, nonce) {
      const claims = { jti: randomUUID(), htm: 'POST', htu, iat: Math.floor(Date.now() / 1000) };
      const input = `${header}.${encoded(nonce === undefined ? claims : { ...claims, nonce })}`;
      const signature = sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' });
      return `${input}.${signature.toString('base64url')}`;
    },
  };
}

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
