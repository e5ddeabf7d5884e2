import type { Context, Middleware } from 'koa';
import { andThen } from '../awaitable.ts';
import { nodeFacts } from '../binding/node-exchange.ts';
import { isRefusal, type Refusal } from '../refusal/refusals.ts';
import type { AuthenticationMode, Guard } from '../requirement/guard.ts';
import { type Requirement, requirementOf, under } from '../requirement/requirement.ts';
import type { Authorization, ResourceServer } from '../resource-server.ts';

export interface GuardState<User = undefined> {
  /** `undefined` only for an anonymous caller, where `mode` is `optional`. */
  auth: Authorization<User> | undefined;
}

/**
 * What the guards of a request have asked for so far, down the chain of middleware.
 *
 * NOTE: a property, since a WeakMap with an entry for each request costs several times as much to keep.
 */
const askedFor = Symbol('asked for');

type GuardedContext = object & { [askedFor]?: Requirement };

/**
 * The guard alone, before any Koa middleware: what follows runs only for callers who may pass. Guards add up along the
 * chain: the token is verified once per request, each guard checks what it and those before it ask for, and
 * `ctx.state.auth.requiredScopes` lists that.
 *
 * @throws {TypeError} when a scope is not in the resource server's catalogue
 */
export function guard<Scope extends string, User = undefined>(
  resourceServer: ResourceServer<Scope, User>,
  needs: Guard<NoInfer<Scope>> = {},
  mode: Exclude<AuthenticationMode, 'none'> = 'required',
): Middleware<GuardState<User>> {
  const own = requirementOf([needs], mode);
  resourceServer.assertKnownScopes(own);
  return function guardRequest(ctx, next) {
    const requirement = addedUp(ctx, own);
    const decided = resourceServer.authorize(nodeFacts(ctx.req, ctx.originalUrl), requirement);
    return andThen(decided, (auth) => {
      if (isRefusal(auth)) return writeRefusal(ctx, resourceServer, auth, requirement);
      const guarded: GuardedContext = ctx;
      guarded[askedFor] = requirement;
      ctx.state.auth = auth;
      return next();
    });
  };
}

/** What this guard and those before it in the chain ask for together. */
export function addedUp(ctx: GuardedContext, own: Requirement): Requirement {
  const outer = ctx[askedFor];
  return outer ? under(outer, own) : own;
}

export function writeRefusal(
  ctx: Pick<Context, 'status' | 'body' | 'set'>,
  resourceServer: Pick<ResourceServer, 'answer'>,
  refusal: Refusal,
  requirement: Requirement,
): void {
  const { status, headers, body } = resourceServer.answer(refusal, requirement);
  ctx.status = status;
  ctx.body = body;
  // NOTE: after the body, which would make it text.
  ctx.set({ ...headers });
}
