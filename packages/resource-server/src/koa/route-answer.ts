import type { RouterContext } from '@koa/router';
import type { Context } from 'koa';
import { nodeFacts } from '../binding/node-exchange.ts';
import { isRefusal } from '../refusal/refusals.ts';
import type { ResourceServer } from '../resource-server.ts';
import { addedUp, writeRefusal } from './authorization.ts';
import { isProblem, problem, writeProblem } from './problem.ts';
import type { DeclaredRoute, RouteContext, RouteDeclaration, RouteHandler } from './route-declaration.ts';
import { readRouteInput } from './route-input.ts';

/** The steps of every route: who is calling, what they send, the handler, the answer. */
export function answerRoute<User>(
  resourceServer: ResourceServer<string, User>,
  { path, declaration, requirement: own }: DeclaredRoute,
  handler: RouteHandler<RouteDeclaration, User>,
  bodyLimitBytes: number,
) {
  return async function routeAnswer(ctx: RouterContext): Promise<void> {
    ctx.state.route = path;
    const requirement = own.mode === 'none' ? own : addedUp(ctx, resourceServer, own);
    const auth = await resourceServer.authorize(nodeFacts(ctx.req, ctx.originalUrl), requirement, ctx.params);
    if (isRefusal(auth)) return writeRefusal(ctx, resourceServer, auth, requirement);

    const input = await readRouteInput(ctx, ctx.params, declaration, bodyLimitBytes);
    if (isProblem(input)) return writeProblem(ctx, input);

    const result: unknown = await handler({ auth, ...input, koa: ctx } as RouteContext<RouteDeclaration, User>);
    if (isRefusal(result)) return writeRefusal(ctx, resourceServer, result, requirement);
    if (isProblem(result)) return writeProblem(ctx, result);
    return writeResult(ctx, declaration, result);
  };
}

/**
 * What a schema declares is all that goes out, so that a new column never leaks by itself. Without a schema the result
 * goes out as it is, and no result is 204.
 */
async function writeResult(ctx: Context, { response, status }: RouteDeclaration, result: unknown): Promise<void> {
  if (!response && result === undefined) {
    ctx.body = null;
    ctx.status = status ?? 204;
    return;
  }
  ctx.status = status ?? 200;
  ctx.type = 'json';
  ctx.body = JSON.stringify(response ? await response.parseAsync(result) : result);
}

/**
 * Gives the statuses that nobody wrote a body for (404, 405, 501) a problem document. Mounted before the routers; which
 * pattern a request matched is in `ctx.state.route` afterwards, for metrics.
 */
export async function unansweredProblems(ctx: Context, next: () => Promise<unknown>): Promise<void> {
  await next();
  if (ctx.status >= 400 && (ctx.body === undefined || ctx.body === null)) writeProblem(ctx, problem(ctx.status));
}
