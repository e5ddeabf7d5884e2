import { openidScopes, todosScopes } from '@latchkey/scope-catalogue';
import type { Context, Next } from 'koa';
import type { KoaContextWithOIDC } from 'oidc-provider';

/** What was matched, if the engine answered: the path alone can be written in many ways. */
export function engineRoute(ctx: Context): string | undefined {
  return (ctx as Partial<KoaContextWithOIDC>).oidc?.route;
}

/** Discovery (RFC 8414) with the scopes of resource servers, and a time for which it and the keys may be kept. */
export async function completeDiscovery(ctx: Context, next: Next): Promise<void> {
  await next();
  const route = engineRoute(ctx);
  if (route === 'discovery' && ctx.status === 200) {
    ctx.body = { ...(ctx.body as object), scopes_supported: [...openidScopes.keys(), ...todosScopes.keys()] };
    ctx.set('Cache-Control', 'public, max-age=300');
  }
  if (route === 'jwks' && ctx.status === 200) ctx.set('Cache-Control', 'public, max-age=300');
}
