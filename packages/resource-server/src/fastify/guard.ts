import { isLater } from '../awaitable.ts';
import { nodeFacts } from '../binding/node-exchange.ts';
import { authOfRequest, createRequestGuard, type GuardMode, optionalAuthOfRequest } from '../binding/request-guard.ts';
import type { Guard } from '../requirement/guard.ts';
import type { Authorization, ResourceServer } from '../resource-server.ts';
import type { GuardedReply, GuardedRequest } from './exchange.ts';

/** A hook of Fastify 5, for `onRequest` or `preHandler`, at an instance or at a route. */
export type GuardHook = (request: GuardedRequest, reply: GuardedReply) => Promise<unknown>;

/**
 * Lets only those callers pass who hold what `needs` asks for, and answers the others. Guards add up: those of a plugin
 * (`instance.addHook('onRequest', guard(…))`) count for its routes and for the plugins below it, and for no others; those
 * of a route come on top. The token is verified once per request. As `onRequest` it runs before the body is read.
 *
 *     app.get('/notes', { onRequest: guard(resourceServer, { scopes: ['read:notes'] }) }, (request) => {
 *       return { owner: authOf(request).subject };
 *     });
 *
 * An outer guard answers before an inner one is reached, and its challenge names what was asked for up to it. Where clients
 * should learn everything at once, state it at the route.
 *
 * Register CORS before the guards: a preflight carries no credentials (Fetch standard, CORS protocol).
 *
 * @param mode `optional`: without credentials the caller is anonymous, a bad token is refused all the same
 * @returns a hook; what `accept` or `loadUser` throw goes to Fastify's error handler
 * @throws {TypeError} when a scope is not in the resource server's catalogue
 */
export function guard<Scope extends string, User = undefined>(
  resourceServer: ResourceServer<Scope, User>,
  needs: Guard<Scope> = {},
  mode: GuardMode = 'required',
): GuardHook {
  const pass = createRequestGuard(resourceServer, needs, mode);
  return async function guardRequest(request, reply) {
    const passed = pass(request.raw, nodeFacts(request.raw), () => request.params);
    const refusal = isLater(passed) ? await passed : passed;
    if (!refusal) return undefined;
    reply.code(refusal.status);
    reply.headers({ ...refusal.headers });
    reply.send(refusal.body);
    return reply;
  };
}

/**
 * Who is calling, with the scopes that all guards of this request have asked for.
 *
 * @param resourceServer gives `user` its type; without it `user` is `unknown`
 * @throws {Error} when no guard has let the request pass, or one has let it pass without credentials
 */
export function authOf<User = unknown>(
  request: Pick<GuardedRequest, 'raw'>,
  resourceServer?: ResourceServer<string, User>,
): Authorization<User> {
  return authOfRequest(request.raw, resourceServer);
}

/**
 * The same behind an optional guard: `undefined` for an anonymous caller.
 *
 * @throws {Error} when no guard has let the request pass
 */
export function optionalAuthOf<User = unknown>(
  request: Pick<GuardedRequest, 'raw'>,
  resourceServer?: ResourceServer<string, User>,
): Authorization<User> | undefined {
  return optionalAuthOfRequest(request.raw, resourceServer);
}
