import { randomUUID } from 'node:crypto';
import { type CryptoKey, type JWTHeaderParameters, SignJWT } from 'jose';
import { createDpopKey, type DpopKey, type DpopProofRequest } from './dpop-key.ts';
import type { SigningKey } from './signing-key.ts';

/** Put over the usual claims; `undefined` leaves one out. */
export type TestClaims = Readonly<Record<string, unknown>>;

/** Headers of a request, for `fetch(url, { headers })` and every other client. */
export type BearerHeaders = { authorization: string };
export type DpopHeaders = { authorization: string; dpop: string };

export interface TestDpopRequest extends DpopProofRequest {
  /** Default: a new one. */
  readonly key?: DpopKey;
}

/** Tokens that are as they should be, of any shape that a test needs. */
export interface TestTokens {
  /**
   * A signed access token (RFC 9068) of `alice` through the client `test-client`, with the issuer's usual scopes, for five
   * minutes.
   *
   * @param claims put over the usual ones; `undefined` leaves a claim out
   * @param header put over the usual `alg`, `typ` and `kid`
   * @param key signs in the place of the current one
   */
  accessToken(
    claims?: TestClaims,
    header?: Partial<JWTHeaderParameters>,
    key?: CryptoKey | Uint8Array,
  ): Promise<string>;
  /**
   * Such a token in its header: `fetch(url, { headers: await issuer.bearer('read:notes') })`.
   *
   * @param of its scopes, with spaces between them, or claims put over the usual ones
   */
  bearer(of?: string | TestClaims): Promise<BearerHeaders>;
  /**
   * A token that is bound to a key, and a proof of that key for one request (RFC 9449):
   *
   *     const url = 'https://api.example/notes';
   *     await app.request(url, { headers: await issuer.dpop({ method: 'GET', url }, 'read:notes') });
   *
   * @param request with its address as the client sees it: what the resource server has as `publicUrl`, and the path
   * @param of as in `bearer`
   */
  dpop(request: TestDpopRequest, of?: string | TestClaims): Promise<DpopHeaders>;
}

/** What tokens are made of. */
export interface Mint {
  readonly issuer: string;
  readonly audience: string;
  readonly scopes: readonly string[];
  readonly algorithm: string;
  readonly nowSeconds: () => number;
  readonly currentKey: () => SigningKey;
}

export function createTestTokens(mint: Mint): TestTokens {
  const { algorithm, nowSeconds, currentKey } = mint;

  function accessToken(claims: TestClaims = {}, header: Partial<JWTHeaderParameters> = {}, key?: Key) {
    const { kid, privateKey } = currentKey();
    return new SignJWT({ ...usualClaims(mint), ...claims })
      .setProtectedHeader({ alg: algorithm, typ: 'at+jwt', kid, ...header })
      .sign(key ?? privateKey);
  }

  return {
    accessToken,
    async bearer(of) {
      return { authorization: `Bearer ${await accessToken(claimsOf(of))}` };
    },
    async dpop({ key: given, ...request }, of) {
      const key = given ?? (await createDpopKey());
      const token = await accessToken({ cnf: { jkt: key.thumbprint }, ...claimsOf(of) });
      const proof = await key.proof({ iat: nowSeconds(), accessToken: token, ...request });
      return { authorization: `DPoP ${token}`, dpop: proof };
    },
  };
}

type Key = CryptoKey | Uint8Array;

export function claimsOf(of: string | TestClaims = {}): TestClaims {
  return typeof of === 'string' ? { scope: of } : of;
}

/** RFC 9068, section 2.2. */
export function usualClaims({ issuer, audience, scopes, nowSeconds }: Mint): Record<string, unknown> {
  const iat = nowSeconds();
  return {
    iss: issuer,
    aud: audience,
    sub: 'alice',
    client_id: 'test-client',
    jti: randomUUID(),
    iat,
    exp: iat + 300,
    ...(scopes.length > 0 && { scope: scopes.join(' ') }),
  };
}
