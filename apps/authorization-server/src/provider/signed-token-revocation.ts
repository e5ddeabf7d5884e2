import { createLocalJWKSet, type JWK, type JWTPayload, jwtVerify } from 'jose';
import type { Context, Middleware } from 'koa';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { engineRoute } from './discovery-answers.ts';
import type { GrantReferences } from './grant-references.ts';
import type { RevokeFamily } from './revoke-family.ts';

export interface SignedTokenRevocationNeeds {
  readonly issuer: string;
  readonly signingKeys: readonly JWK[];
  readonly grantReferences: GrantReferences;
  readonly revokeFamily: RevokeFamily;
}

/**
 * RFC 7009 for access tokens that are JWTs, which the engine knows only how to refuse. The client has been authenticated
 * by then. Revoking one ends its whole grant, as with an opaque token: no refresh token is left to get another.
 */
export function revokeSignedTokens(needs: SignedTokenRevocationNeeds): Middleware {
  const keys = createLocalJWKSet({ keys: needs.signingKeys.map(publicPart) });
  const { issuer, grantReferences, revokeFamily } = needs;

  return async (ctx, next) => {
    await next();
    if (engineRoute(ctx) !== 'revocation' || errorOf(ctx) !== 'unsupported_token_type') return;
    const { client, params } = (ctx as unknown as KoaContextWithOIDC).oidc;
    if (!client) return;
    const claims = await verified(String(params?.token));
    if (claims && claims.client_id !== client.clientId && client.clientAuthMethod !== 'none') {
      ctx.status = 400;
      ctx.body = {
        error: 'invalid_request',
        error_description: 'client is not authorized to revoke the presented token',
      };
      return;
    }
    if (claims?.client_id === client.clientId) {
      const grantId = grantReferences.opened(claims.grant);
      await revokeFamily({ grantId, accountId: claims.sub, clientId: client.clientId }, 'revocation');
    }
    ctx.status = 200;
    // NOTE: the engine's refusal was JSON; an empty answer is not.
    ctx.remove('Content-Type');
    ctx.body = '';
  };

  /** Undefined for what is not ours, which a revocation takes as done (RFC 7009, section 2.2). */
  async function verified(token: string): Promise<JWTPayload | undefined> {
    try {
      const { payload } = await jwtVerify(token, keys, { issuer, typ: 'at+jwt', currentDate: new Date(0) });
      return payload;
    } catch {
      return undefined;
    }
  }
}

function errorOf(ctx: Context): unknown {
  return (ctx.body as { error?: unknown } | undefined)?.error;
}

function publicPart({ kty, kid, alg, use, crv, x, y, n, e }: JWK): JWK {
  return { kty, kid, alg, use, crv, x, y, n, e } as JWK;
}
