import { exportSPKI } from 'jose';
import { createDpopKey } from './dpop-key.ts';
import { createSigningKey } from './signing-key.ts';
import {
  type BearerHeaders,
  claimsOf,
  type Mint,
  type TestClaims,
  type TestTokens,
  usualClaims,
} from './test-tokens.ts';

type Forge = (of?: string | TestClaims) => Promise<BearerHeaders>;

/**
 * Tokens that must be refused, each with one thing wrong and everything else right. As in `bearer`, the argument is the
 * token's scopes, or claims put over the usual ones.
 */
export interface ForgedTokens {
  /** An hour past its `exp`: longer than any sensible tolerance. */
  readonly expired: Forge;
  /** Not before an hour from now. */
  readonly notYetValid: Forge;
  /** Of this issuer, for another API. */
  readonly wrongAudience: Forge;
  /** Signed with this issuer's key, and says that another made it. */
  readonly wrongIssuer: Forge;
  /** @param claim `exp`, `sub`, `client_id`, … */
  withoutClaim(claim: string, of?: string | TestClaims): Promise<BearerHeaders>;
  /** Of a type that is no access token: a logout token. */
  readonly wrongType: Forge;
  /** `alg: none`, without a signature (RFC 8725, section 2.1). */
  readonly unsigned: Forge;
  /** HS256 with the issuer's public key as the secret (RFC 8725, section 2.1). */
  readonly hmacWithPublicKey: Forge;
  /** Signed with a key that only says that it is the issuer's. */
  readonly foreignKey: Forge;
  /** Signed by the issuer, and then given to `mallory`. */
  readonly tampered: Forge;
  /** Bound to a key (RFC 9449), and presented without it: what a thief would do. */
  readonly stolenBoundToken: Forge;
}

export function createForgedTokens(mint: Mint, { accessToken, bearer }: TestTokens): ForgedTokens {
  const { issuer, audience, algorithm, nowSeconds, currentKey } = mint;

  /** Everybody's own claims last, so that a test may go further. */
  const forged =
    (wrong: () => TestClaims): Forge =>
    (of) =>
      bearer({ ...wrong(), ...claimsOf(of) });

  return {
    expired: forged(() => ({ iat: nowSeconds() - 7_200, exp: nowSeconds() - 3_600 })),
    notYetValid: forged(() => ({ nbf: nowSeconds() + 3_600, exp: nowSeconds() + 7_200 })),
    wrongAudience: forged(() => ({ aud: `${audience}/another` })),
    wrongIssuer: forged(() => ({ iss: `${issuer}/another` })),
    withoutClaim: (claim, of) => bearer({ ...claimsOf(of), [claim]: undefined }),
    wrongType: async (of) => bearing(await accessToken(claimsOf(of), { typ: 'logout+jwt' })),
    async unsigned(of) {
      const parts = [
        { alg: 'none', typ: 'at+jwt' },
        { ...usualClaims(mint), ...claimsOf(of) },
      ];
      return bearing(`${parts.map(encoded).join('.')}.`);
    },
    async hmacWithPublicKey(of) {
      const secret = new TextEncoder().encode(await exportSPKI(currentKey().publicKey));
      return bearing(await accessToken(claimsOf(of), { alg: 'HS256' }, secret));
    },
    async foreignKey(of) {
      const { privateKey } = await createSigningKey(algorithm);
      return bearing(await accessToken(claimsOf(of), {}, privateKey));
    },
    async tampered(of) {
      const [header, payload = '', signature] = (await accessToken(claimsOf(of))).split('.');
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
      return bearing([header, encoded({ ...claims, sub: 'mallory' }), signature].join('.'));
    },
    async stolenBoundToken(of) {
      const { thumbprint } = await createDpopKey();
      return bearer({ cnf: { jkt: thumbprint }, ...claimsOf(of) });
    },
  };
}

function bearing(token: string): BearerHeaders {
  return { authorization: `Bearer ${token}` };
}

function encoded(part: unknown): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
