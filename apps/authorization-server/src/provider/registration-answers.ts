import type { Context, Next } from 'koa';
import { joinScope } from '../clients/client-scopes.ts';
import { isSecretHash } from '../clients/client-secrets.ts';
import type { Registration } from '../clients/registration-rules.ts';
import { engineRoute } from './discovery-answers.ts';

const routes = new Set(['registration', 'client', 'client_update']);

/**
 * The secret is shown once, when it is made: at registration, or by a change to a method that needs one. Afterwards there
 * is only its hash, which is nobody's business.
 */
export async function completeRegistration(ctx: Context, next: Next): Promise<void> {
  await next();
  const route = engineRoute(ctx);
  if (!route || !routes.has(route) || ctx.status >= 300) return;
  const { client_secret: secret, ...metadata } = joinScope(ctx.body as Registration);
  const isNew = typeof secret === 'string' && !isSecretHash(secret);
  ctx.body = isNew ? { client_secret: secret, ...metadata } : metadata;
  ctx.set('Cache-Control', 'no-store');
}

/** Registration carries no cookie and gives nothing that the caller does not send: any origin may call it. */
export async function registrationCors(ctx: Context, next: Next): Promise<void> {
  if (!/^\/register(?:\/|$)/i.test(ctx.path)) return next();
  ctx.set('Access-Control-Allow-Origin', '*');
  if (ctx.method === 'OPTIONS') {
    ctx.set('Access-Control-Allow-Methods', 'GET, POST, PUT, DELETE');
    ctx.set('Access-Control-Allow-Headers', 'Authorization, Content-Type');
    ctx.set('Access-Control-Max-Age', '3600');
    ctx.status = 204;
    return undefined;
  }
  return next();
}
