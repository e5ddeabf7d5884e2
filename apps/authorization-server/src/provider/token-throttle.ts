import type { Middleware } from 'koa';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { addressKey } from '../throttles/address-key.ts';
import { createThrottle } from '../throttles/throttles.ts';
import { engineRoute } from './discovery-answers.ts';

const tooMany = { points: 60, duration: 60 } as const;

/**
 * A client that keeps failing to authenticate is told to slow down. Counted after the engine has answered and by its
 * route, since a path can be written in many ways; what succeeds is never counted nor held up.
 */
export function slowDownFailures(): Middleware {
  const throttle = createThrottle('client-authentication', [tooMany]);
  return async (ctx, next) => {
    await next();
    const { error } = (ctx.body ?? {}) as { error?: unknown };
    if (engineRoute(ctx) === undefined || error !== 'invalid_client') return;
    const clientId = String((ctx as unknown as KoaContextWithOIDC).oidc.params?.client_id ?? '');
    const wait = await throttle.waitFor(addressKey(ctx.ip), clientId);
    await throttle.failed(addressKey(ctx.ip), clientId);
    if (wait === 0) return;
    ctx.status = 429;
    ctx.set('Retry-After', String(wait));
    ctx.body = { error: 'temporarily_unavailable', error_description: `too many failures, try again in ${wait} s` };
  };
}
