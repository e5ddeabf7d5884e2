import type { Context, Middleware } from 'koa';
import { andThen } from '../awaitable.ts';
import { nodeFacts } from '../binding/node-exchange.ts';
import type { GuardMode, Passed } from '../binding/request-guard.ts';
import { isRefusal, type Refusal } from '../refusal/refusals.ts';
import type { Guard } from '../requirement/guard.ts';
import { type Requirement, requirementOf, under } from '../requirement/requirement.ts';
import type { ResourceServer } from '../resource-server.ts';

export interface GuardState<User = undefined, Mode extends GuardMode = 'required'> {
  /** `undefined` only for an anonymous caller, where `mode` is `optional`. */
  auth: Passed<Mode, User>;
}

/**
 * What the guards of a request have asked for so far, down the chain of middleware.
 *
 * NOTE: a property, since a WeakMap with an entry for each request costs several times as much to keep.
 */
const askedFor = Symbol('asked for');

type GuardedContext = object & {
  [askedFor]?: { readonly resourceServer: object; readonly requirement: Requirement };
};

/**
 * The guard alone, before any Koa middleware: what follows runs only for callers who may pass. Guards add up along the
 * chain: the token is verified once per request, each guard checks what it and those before it ask for, and
 * `ctx.state.auth.requiredScopes` lists that.
 *
 * @throws {TypeError} when a scope is not in the resource server's catalogue
 */
export function guard<Scope extends string, User = undefined, Mode extends GuardMode = 'required'>(
  resourceServer: ResourceServer<Scope, User>,
  needs: Guard<NoInfer<Scope>> = {},
  mode?: Mode,
): Middleware<GuardState<User, Mode>> {
  const own = requirementOf([needs], mode);
  resourceServer.assertKnownScopes(own);
  return function guardRequest(ctx, next) {
    const requirement = addedUp(ctx, resourceServer, own);
    const decided = resourceServer.authorize(nodeFacts(ctx.req, ctx.originalUrl), requirement);
    return andThen(decided, (auth) => {
      if (isRefusal(auth)) return writeRefusal(ctx, resourceServer, auth, requirement);
      const guarded: GuardedContext = ctx;
      guarded[askedFor] = { resourceServer, requirement };
      // NOTE: an anonymous caller has passed only where the mode is `optional`, and there the type has `undefined`.
      ctx.state.auth = auth as Passed<Mode, User>;
      return next();
    });
  };
}

/** What this guard and those of the same resource server before it in the chain ask for together. */
export function addedUp(ctx: GuardedContext, resourceServer: object, own: Requirement): Requirement {
  const outer = ctx[askedFor];
  return outer?.resourceServer === resourceServer ? under(outer.requirement, own) : own;
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
