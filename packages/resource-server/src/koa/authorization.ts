import type { Context, Middleware } from 'koa';
import type { Principal } from '../principal.ts';
import { isRefusal, type Refusal } from '../refusals.ts';
import { type AuthenticationMode, type Guard, type Requirement, requirementOf } from '../requirement.ts';
import type { ResourceServer } from '../resource-server.ts';

export interface GuardState {
  /** `undefined` only for an anonymous caller, where `mode` is `optional`. */
  auth: Principal | undefined;
}

/**
 * The guard alone, before any Koa middleware: what follows runs only for callers who may pass. The token is verified
 * once per request, however many guards there are; each checks its own scopes.
 *
 * @throws {TypeError} when a scope is not in the resource server's catalogue
 */
export function guard<Scope extends string>(
  resourceServer: ResourceServer<Scope>,
  needs: Guard<Scope> = {},
  mode: Exclude<AuthenticationMode, 'none'> = 'required',
): Middleware<GuardState> {
  const requirement = requirementOf([needs], mode);
  assertKnownScopes(resourceServer, requirement);
  return async function guardRequest(ctx, next) {
    const auth = await resourceServer.authorize(ctx.req, requirement);
    if (isRefusal(auth)) return writeRefusal(ctx, resourceServer, auth, requirement);
    ctx.state.auth = auth;
    return next();
  };
}

export function writeRefusal(
  ctx: Pick<Context, 'status' | 'body' | 'set'>,
  resourceServer: ResourceServer,
  refusal: Refusal,
  requirement: Requirement,
): void {
  const { status, headers, body } = resourceServer.answer(refusal, requirement);
  ctx.status = status;
  ctx.set({ ...headers });
  ctx.body = body;
}

/** A misspelt scope would lock everybody out, and only be noticed then. */
export function assertKnownScopes({ scopes }: ResourceServer, requirement: Requirement): void {
  const unknown = requirement.scopes.filter((scope) => !Object.hasOwn(scopes, scope));
  if (unknown.length > 0) throw new TypeError(`scopes missing from the catalogue: ${unknown.join(', ')}`);
}
