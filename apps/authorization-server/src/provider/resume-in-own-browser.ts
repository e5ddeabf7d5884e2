import type { Middleware } from 'koa';
import type { Trail } from './trail.ts';

const resume = /^\/(?:authorize|device)\/([^/]+)\/?$/i;

/** An answered interaction goes on in the browser in which it began, and in no other that knows its address. */
export function resumeInOwnBrowser(trail: Trail): Middleware {
  return async (ctx, next) => {
    const [, uid] = ctx.method === 'POST' ? [] : (resume.exec(ctx.path) ?? []);
    if (uid === undefined || (await trail.belongsHere(ctx, uid))) return next();
    return trail.leadOn(ctx, uid);
  };
}
