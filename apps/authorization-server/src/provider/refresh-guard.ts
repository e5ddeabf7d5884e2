import type { Middleware } from 'koa';
import Provider, { errors, type KoaContextWithOIDC, type RefreshToken } from 'oidc-provider';
import type { Artifacts, StoredArtifact } from '../storage/artifacts.ts';
import { engineRoute } from './discovery-answers.ts';
import { presentationOf } from './refresh-presentation.ts';
import type { Presentation, RefreshRotation, Standing } from './refresh-rotation.ts';
import type { Family, RevokeFamily } from './revoke-family.ts';

/**
 * Stands before the engine's own checks of a refresh token, which would refuse a spent token in other hands without
 * noticing what that means, and tell a retry from reuse only by chance.
 */
export interface RefreshGuard {
  /** The token as the engine should see it. @throws InvalidGrant for what is spent and may not be presented again */
  admit(id: string, stored: StoredArtifact): Promise<StoredArtifact>;
  /** @returns whether it was unspent until now. @throws InvalidGrant */
  spend(token: RefreshToken): Promise<boolean>;
  /** For what the engine refuses before it looks for the token: a proof that fails, a grant that is not allowed. */
  readonly noticeReuse: Middleware;
}

export interface RefreshGuardNeeds {
  readonly artifacts: Artifacts;
  readonly rotation: RefreshRotation;
  readonly revokeFamily: RevokeFamily;
}

export function createRefreshGuard({ artifacts, rotation, revokeFamily }: RefreshGuardNeeds): RefreshGuard {
  /** What was presented in the requests that got as far as the token. */
  const presentations = new WeakMap<KoaContextWithOIDC, Presentation>();

  const enforce = async (standing: Standing | 'first' | 'gone', family: Family) => {
    if (standing === 'gone') throw new errors.InvalidGrant('refresh token was revoked meanwhile');
    if (standing === 'differs') throw new errors.InvalidGrant('refresh token was spent with other parameters');
    if (standing !== 'reused') return;
    await revokeFamily(family, 'refresh-token-reuse');
    throw new errors.InvalidGrant('refresh token already used');
  };

  return {
    async admit(id, stored) {
      const { ctx } = Provider;
      const presented = ctx && (await presentationOf(ctx));
      if (!presented) return stored;
      presentations.set(ctx, presented);
      await enforce(await rotation.judge(id, stored, presented), stored.payload);
      return { ...stored, consumedAt: undefined };
    },
    async spend(token) {
      const presented = Provider.ctx && presentations.get(Provider.ctx);
      if (!presented) throw new TypeError('a refresh token is spent in the request that presents it');
      const standing = await rotation.spend(token.jti, presented);
      await enforce(standing, token);
      return standing === 'first';
    },
    async noticeReuse(ctx, next) {
      await next();
      if (engineRoute(ctx) !== 'token' || ctx.status !== 400) return;
      const context = ctx as unknown as KoaContextWithOIDC;
      // NOTE: whoever does not prove to be the client that they name has presented nothing.
      if (presentations.has(context) || (ctx.body as { error?: unknown }).error === 'invalid_client') return;
      const presented = await presentationOf(context);
      const id = context.oidc.params?.refresh_token;
      if (!presented || typeof id !== 'string') return;
      const stored = await artifacts.find('RefreshToken', id);
      if (!stored || (await rotation.judge(id, stored, presented)) !== 'reused') return;
      await revokeFamily(stored.payload, 'refresh-token-reuse');
      ctx.body = { error: 'invalid_grant', error_description: 'grant request is invalid' };
    },
  };
}
