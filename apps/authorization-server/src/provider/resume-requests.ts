import type { Context, Next } from 'koa';

/**
 * The engine takes up an authorization by its cookie alone. When there is none, it stumbles over parameters that
 * somebody has put into that address.
 */
export async function resumeWithoutParameters(ctx: Context, next: Next): Promise<void> {
  if (/^\/(?:authorize|device)\/[^/]+\/?$/i.test(ctx.path)) ctx.querystring = '';
  await next();
}
