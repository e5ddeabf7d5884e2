import type { Middleware } from 'koa';

/** Who opens the bare address with a browser wants to know what is here. */
export const frontDoor: Middleware = (ctx, next) => {
  if (ctx.path !== '/' || (ctx.method !== 'GET' && ctx.method !== 'HEAD')) return next();
  ctx.state.route = '/';
  ctx.redirect('/docs');
  ctx.status = 303;
  return undefined;
};
