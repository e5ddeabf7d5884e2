import type { Context, MiddlewareHandler } from 'hono';
import { isLater } from '../awaitable.ts';
import { type NodeRequest, nodeFacts } from '../binding/node-exchange.ts';
import {
  authOfRequest,
  createRequestGuard,
  type GuardMode,
  optionalAuthOfRequest,
  type Passed,
} from '../binding/request-guard.ts';
import { factsOf, type RequestFacts } from '../request/request-facts.ts';
import type { Guard } from '../requirement/guard.ts';
import type { Authorization, ResourceServer } from '../resource-server.ts';

/** For `new Hono<{ Variables: GuardVariables }>()`, where guards are above the routes and not in their declaration. */
export interface GuardVariables<User = undefined, Mode extends GuardMode = 'required'> {
  auth: Passed<Mode, User>;
}

/** By context, since middleware that reads the body may put another request in the place of the first. */
const known = new WeakMap<Context, RequestFacts>();

/**
 * Lets only those callers pass who hold what `needs` asks for, and answers the others. Guards add up along app and
 * routes; the token is verified once per request, and the body is left alone. Who is calling is in `c.var.auth`, typed.
 *
 *     app.get('/notes', guard(resourceServer, { scopes: ['read:notes'] }), (c) => {
 *       return c.json({ owner: c.var.auth.subject });
 *     });
 *
 * An outer guard answers before an inner one is reached, and its challenge names what was asked for up to it. Where clients
 * should learn everything at once, state it at the route.
 *
 * Under `app.mount`, where Hono takes the prefix off the request, `publicUrl` of the resource server has to end with it:
 * proofs of possession (RFC 9449) are made for the whole address.
 *
 * Put middleware for CORS before the guards: a preflight carries no credentials (Fetch standard, CORS protocol).
 *
 * @param mode `optional`: without credentials the caller is anonymous, a bad token is refused all the same
 * @returns a middleware; what `accept` or `loadUser` throw goes to `app.onError`
 * @throws {TypeError} when a scope is not in the resource server's catalogue
 */
export function guard<Scope extends string, User = undefined, Mode extends GuardMode = 'required'>(
  resourceServer: ResourceServer<Scope, User>,
  needs: Guard<Scope> = {},
  mode?: Mode,
): MiddlewareHandler<{ Variables: GuardVariables<User, Mode> }> {
  const pass = createRequestGuard(resourceServer, needs, mode);
  return async function guardRequest(c, next) {
    const passed = pass(c, contextFacts(c), () => c.req.param());
    const refusal = isLater(passed) ? await passed : passed;
    if (refusal) return c.newResponse(refusal.body, refusal.status as 400 | 401 | 403 | 429 | 503, refusal.headers);
    // NOTE: an anonymous caller has passed only where the mode is `optional`, and there the type has `undefined`.
    c.set('auth', optionalAuthOfRequest(c, resourceServer) as Passed<Mode, User>);
    return next();
  };
}

/** NOTE: on Node there is the request that Hono's own was made of, and with it no need to make all of that one's headers. */
function contextFacts(c: Context): RequestFacts {
  const { incoming } = (c.env ?? {}) as { readonly incoming?: NodeRequest };
  if (Array.isArray(incoming?.rawHeaders)) return nodeFacts(incoming);
  const facts = known.get(c) ?? factsOf(c.req.raw);
  known.set(c, facts);
  return facts;
}

/**
 * Who is calling, with the scopes that all guards of this request have asked for: where `c.var` has no type for it.
 *
 * @param resourceServer gives `user` its type; without it `user` is `unknown`
 * @throws {Error} when no guard has let the request pass, or one has let it pass without credentials
 */
export function authOf<User = unknown>(c: Context, resourceServer?: ResourceServer<string, User>): Authorization<User> {
  return authOfRequest(c, resourceServer);
}

/**
 * The same behind an optional guard: `undefined` for an anonymous caller.
 *
 * @throws {Error} when no guard has let the request pass
 */
export function optionalAuthOf<User = unknown>(
  c: Context,
  resourceServer?: ResourceServer<string, User>,
): Authorization<User> | undefined {
  return optionalAuthOfRequest(c, resourceServer);
}
