import type { Context } from 'koa';

const machines =
  /^\/(token|introspect|revoke|par|userinfo|register(\/.*)?|device\/authorization|jwks|\.well-known\/.*)\/?$/i;

/** Whether a program asked, which reads JSON whatever it says that it accepts. */
export function isForMachines(ctx: Context): boolean {
  return machines.test(ctx.path) || ctx.accepts('html', 'json') !== 'html';
}
