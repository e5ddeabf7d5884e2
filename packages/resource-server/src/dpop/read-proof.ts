import { compactVerify, decodeJwt, decodeProtectedHeader, type JWK } from 'jose';
import { isCompactJws } from '../verification/compact-jws.ts';
import { type DpopRefusal, refused } from './proof-failures.ts';
import { publicKeyFault } from './proof-key.ts';

/** The claims as they were signed; their shapes are not checked yet. */
export interface SignedProof {
  readonly jwk: JWK;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** In characters. A proof with an RSA key of 4096 bits has about 2,000. */
const longestProof = 8192;

/**
 * RFC 9449, section 4.3, items 1 to 7 without the claims: exactly one header value, one well-formed JWT, its `typ`, an
 * allowed asymmetric `alg`, a `jwk` that is public only, and the signature by that key.
 */
export async function readProof(
  proofs: readonly string[],
  algorithms: readonly string[],
): Promise<SignedProof | DpopRefusal> {
  const [proof, ...others] = proofs;
  if (proof === undefined) return refused('no proof');
  // NOTE: a proxy may have joined two headers with a comma (RFC 9110, section 5.3).
  if (others.length > 0 || proof.includes(',')) return refused('several proofs');
  if (proof.length > longestProof) return refused('too long');

  const parsed = parse(proof);
  if (!parsed) return refused('not a JWT');
  const { header, claims } = parsed;
  if (Object.hasOwn(header, 'crit')) return refused('a critical header parameter');
  if (header.typ !== 'dpop+jwt') return refused('another typ');
  const { alg, jwk } = header;
  if (typeof alg !== 'string' || !algorithms.includes(alg)) return refused('alg not allowed');
  const fault = publicKeyFault(jwk);
  if (fault) return refused(fault);

  try {
    await compactVerify(proof, jwk as JWK, { algorithms: [alg] });
  } catch (error) {
    // NOTE: jose throws plain TypeErrors too, and the runtime its own for a point that is not on the curve.
    return refused('signature not of jwk', error);
  }
  return { jwk: jwk as JWK, claims };
}

function parse(proof: string) {
  try {
    // NOTE: two spellings of one proof would be two proofs.
    if (!isCompactJws(proof)) return undefined;
    // NOTE: `unknown`, since nobody has checked the types that jose declares.
    const header: Record<string, unknown> = decodeProtectedHeader(proof);
    const claims: Record<string, unknown> = decodeJwt(proof);
    return { header, claims };
  } catch {
    return undefined;
  }
}
