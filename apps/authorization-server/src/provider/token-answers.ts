import type { Context, Next } from 'koa';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { engineRoute } from './discovery-answers.ts';

/**
 * RFC 6749, section 5.1: an answer without `scope` says that all was granted that was asked for. The engine leaves it out
 * where nothing was, so an app would believe the opposite of what is true: it says `""` then. Where a client on its own
 * behalf asked for no scope there is nothing to say.
 */
export async function completeTokenAnswer(ctx: Context, next: Next): Promise<void> {
  await next();
  if (engineRoute(ctx) !== 'token' || ctx.status !== 200) return;
  const answer = ctx.body as Readonly<Record<string, unknown>>;
  const { params } = (ctx as KoaContextWithOIDC).oidc;
  const askedForNothing = params?.grant_type === 'client_credentials' && !params.scope;
  if (answer.access_token !== undefined && answer.scope === undefined && !askedForNothing)
    ctx.body = { ...answer, scope: '' };
}
