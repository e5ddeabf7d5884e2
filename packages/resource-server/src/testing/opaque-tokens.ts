import { randomBytes } from 'node:crypto';
import { claimsOf, type Mint, type TestClaims, usualClaims } from './test-tokens.ts';

/** Tokens that say nothing by themselves, and who may ask about them (RFC 7662). */
export interface OpaqueTokens {
  /**
   * A token that only introspection can tell about.
   *
   * @param of as in `bearer`
   */
  opaqueToken(of?: string | TestClaims): string;
  /** Ends an opaque token at once; one that is signed lives on to its `exp`. */
  revoke(token: string): void;
  /**
   * What the resource server asks with, to take opaque tokens too:
   *
   *     createResourceServer({
   *       ...mine,
   *       ...issuer.options,
   *       issuer: { issuer: issuer.issuer, introspection: issuer.introspection },
   *     });
   */
  readonly introspection: { readonly clientId: string; readonly clientSecret: string };
}

export interface IntrospectableTokens extends OpaqueTokens {
  /** RFC 7662, section 2.2; `undefined` for who has not authenticated. */
  introspect(request: Request): Promise<TestClaims | undefined>;
}

export function createOpaqueTokens(mint: Mint): IntrospectableTokens {
  const alive = new Map<string, TestClaims>();
  const introspection = { clientId: 'test-api', clientSecret: randomBytes(24).toString('base64url') };
  const expected = `Basic ${btoa(`${introspection.clientId}:${introspection.clientSecret}`)}`;

  return {
    introspection,
    opaqueToken(of) {
      const token = randomBytes(24).toString('base64url');
      alive.set(token, { ...usualClaims(mint), ...claimsOf(of) });
      return token;
    },
    revoke(token) {
      alive.delete(token);
    },
    async introspect(request) {
      if (request.headers.get('authorization') !== expected) return undefined;
      const claims = alive.get(new URLSearchParams(await request.text()).get('token') ?? '');
      const isOver = typeof claims?.exp === 'number' && claims.exp <= mint.nowSeconds();
      return claims && !isOver ? { active: true, token_type: 'Bearer', ...claims } : { active: false };
    },
  };
}
