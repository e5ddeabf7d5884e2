import type { Pages } from '@latchkey/pages';
import type { Middleware } from 'koa';
import { addressKey } from './address-key.ts';
import { createThrottle } from './throttles.ts';

/**
 * Device codes are short enough to be typed, so guessing at them is slowed down: RFC 8628, section 5.1. A page that
 * asks for the code once more (status 400) counts as a failure.
 */
export function deviceCodeThrottle(pages: Pages): Middleware {
  const throttle = createThrottle('device-code', [{ points: 15, duration: 300 }]);
  return async (ctx, next) => {
    if (ctx.method !== 'POST' || !/^\/device\/?$/i.test(ctx.path)) return next();
    const wait = await throttle.waitFor(addressKey(ctx.ip));
    if (wait > 0) {
      ctx.set('Retry-After', String(wait));
      const heading = 'Too many codes were tried';
      const explanation = `Wait ${Math.ceil(wait / 60)} minutes, then enter the code that your device shows.`;
      const link = { label: 'Enter a code', href: '/device' };
      return pages.render(ctx, 'error/error', { title: heading, heading, explanation, next: link }, 429);
    }
    await next();
    if (ctx.status === 400) await throttle.failed(addressKey(ctx.ip));
    return undefined;
  };
}
