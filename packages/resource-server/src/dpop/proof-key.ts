import { base64url, type JWK } from 'jose';
import type { DpopFailure } from './proof-failures.ts';

/** RFC 7518, section 6. A key type that is not here, a symmetric one above all, cannot prove anything. */
const publicMembers: Readonly<Record<string, readonly string[]>> = {
  EC: ['crv', 'x', 'y'],
  OKP: ['crv', 'x'],
  RSA: ['n', 'e'],
};
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'];

/** What is wrong with the `jwk` of a proof, before anything is verified with it; `undefined` if nothing is. */
export function publicKeyFault(jwk: unknown): DpopFailure | undefined {
  if (!isPublicKey(jwk)) return 'jwk is no public key';
  if (jwk.kty === 'RSA' && !(isSoundModulus(jwk.n) && isSoundExponent(jwk.e))) return 'jwk of an unsound size';
  return undefined;
}

function isPublicKey(jwk: unknown): jwk is JWK {
  if (typeof jwk !== 'object' || jwk === null || privateMembers.some((member) => Object.hasOwn(jwk, member)))
    return false;
  const members = jwk as Record<string, unknown>;
  const { kty } = members;
  if (typeof kty !== 'string' || !Object.hasOwn(publicMembers, kty)) return false;
  return publicMembers[kty]?.every((member) => typeof members[member] === 'string' && members[member] !== '') ?? false;
}

/** RFC 7518, section 3.3: 2048 bits or more; and not so many that a stranger's proof takes long to verify. */
function isSoundModulus(encoded = ''): boolean {
  const bytes = bytesOf(encoded);
  const bits = bytes.length * 8 - (Math.clz32(bytes[0] ?? 0) - 24);
  return bits >= 2048 && bits <= 8192;
}

/** Odd, from 3, and of four bytes at most: a long one would take as long as signing. */
function isSoundExponent(encoded = ''): boolean {
  const bytes = bytesOf(encoded);
  const exponent = bytes.reduce((value, byte) => value * 256 + byte, 0);
  return bytes.length <= 4 && exponent >= 3 && exponent % 2 === 1;
}

function bytesOf(encoded: string): Uint8Array {
  try {
    return base64url.decode(encoded);
  } catch {
    return new Uint8Array();
  }
}
