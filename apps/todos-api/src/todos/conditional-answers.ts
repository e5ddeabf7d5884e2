import { writeProblem } from '@latchkey/resource-server/koa';
import type { Middleware } from 'koa';
import { preconditionOf } from './entity-tags.ts';
import { preconditionFailed } from './todo-problems.ts';

/**
 * RFC 9110, section 13.2.2, for reading: an answer that the caller has already is 304 and empty, and one that is not what
 * `If-Match` asks for is 412. Changes look at their preconditions themselves, in the statement that makes them.
 */
export const conditionalAnswers: Middleware = async (ctx, next) => {
  await next();
  const tag = /^"(.+)"$/.exec(ctx.response.get('ETag'))?.[1];
  if (tag === undefined || ctx.status !== 200 || (ctx.method !== 'GET' && ctx.method !== 'HEAD')) return;
  const { oneOf, noneOf } = preconditionOf(ctx) ?? {};
  if (oneOf && !oneOf.includes(tag)) writeProblem(ctx, preconditionFailed);
  else if (noneOf === 'any' || noneOf?.includes(tag)) ctx.status = 304;
};
