import { createHmac, generateKeyPairSync, type JsonWebKey, type KeyObject, randomUUID, sign } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';

export interface Signer {
  readonly alg: string;
  readonly kid: string;
  readonly publicJwk: JsonWebKey;
  readonly privateJwk: JsonWebKey;
  /** In PEM: what a confused verifier might take for a shared secret. */
  readonly publicPem: string;
  /** RFC 7638, SHA-256. */
  readonly thumbprint: string;
  sign(input: string): Buffer;
}

export async function createSigner(alg: 'ES256' | 'RS256'): Promise<Signer> {
  const { privateKey, publicKey } =
    alg === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  const publicJwk = publicKey.export({ format: 'jwk' });
  return {
    alg,
    kid: randomUUID(),
    publicJwk,
    privateJwk: privateKey.export({ format: 'jwk' }),
    publicPem: String(publicKey.export({ format: 'pem', type: 'spki' })),
    thumbprint: await calculateJwkThumbprint(publicJwk as Parameters<typeof calculateJwkThumbprint>[0]),
    sign: (input) => signed(input, privateKey),
  };
}

function signed(input: string, key: KeyObject): Buffer {
  return sign('sha256', Buffer.from(input), key.asymmetricKeyType === 'ec' ? { key, dsaEncoding: 'ieee-p1363' } : key);
}

export function hmac(input: string, secret: string): Buffer {
  return createHmac('sha256', secret).update(input).digest();
}

const orderOfP256 = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** The other signature that every ECDSA signature has: (r, n − s) verifies wherever (r, s) does. */
export function twinOf(signature: Buffer): Buffer {
  const s = BigInt(`0x${signature.subarray(32).toString('hex')}`);
  return Buffer.concat([
    signature.subarray(0, 32),
    Buffer.from((orderOfP256 - s).toString(16).padStart(64, '0'), 'hex'),
  ]);
}
