import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Awaitable, andThen } from '../awaitable.ts';
import { nodeFacts, writeAnswer } from '../binding/node-exchange.ts';
import { authOfRequest, createRequestGuard, type GuardMode, optionalAuthOfRequest } from '../binding/request-guard.ts';
import type { Guard } from '../requirement/guard.ts';
import type { Authorization, ResourceServer } from '../resource-server.ts';

/**
 * What a guard reads of an Express request.
 *
 * NOTE: without `params`, though it reads them: were they here, Express would take their type for that of the route's.
 */
export interface GuardedRequest extends IncomingMessage {
  readonly originalUrl?: string;
}

/** A middleware of Express 5, at `app.use`, at a router, or at a route. */
export type GuardMiddleware = (
  request: GuardedRequest,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => Awaitable<void>;

/**
 * Lets only those callers pass who hold what `needs` asks for, and answers the others. Guards add up along app, router
 * and route; the token is verified once per request, and the body is left alone.
 *
 *     app.get('/notes', guard(resourceServer, { scopes: ['read:notes'] }), (request, response) => {
 *       response.json({ owner: authOf(request).subject });
 *     });
 *
 * An outer guard answers before an inner one is reached, and its challenge names what was asked for up to it. Where clients
 * should learn everything at once, state it at the route.
 *
 * Put middleware for CORS before the guards: a preflight carries no credentials (Fetch standard, CORS protocol).
 *
 * @param mode `optional`: without credentials the caller is anonymous, a bad token is refused all the same
 * @returns a middleware; what `accept` or `loadUser` throw goes to Express's error handlers
 * @throws {TypeError} when a scope is not in the resource server's catalogue
 */
export function guard<Scope extends string, User = undefined>(
  resourceServer: ResourceServer<Scope, User>,
  needs: Guard<Scope> = {},
  mode: GuardMode = 'required',
): GuardMiddleware {
  const pass = createRequestGuard(resourceServer, needs, mode);
  return function guardRequest(request, response, next) {
    const params = () => ('params' in request ? request.params : undefined);
    return andThen(pass(request, nodeFacts(request), params), (refusal) =>
      refusal ? writeAnswer(response, refusal) : next(),
    );
  };
}

/**
 * Who is calling, with the scopes that all guards of this request have asked for.
 *
 * @param resourceServer gives `user` its type; without it `user` is `unknown`
 * @throws {Error} when no guard has let the request pass, or one has let it pass without credentials
 */
export function authOf<User = unknown>(
  request: IncomingMessage,
  resourceServer?: ResourceServer<string, User>,
): Authorization<User> {
  return authOfRequest(request, resourceServer);
}

/**
 * The same behind an optional guard: `undefined` for an anonymous caller.
 *
 * @throws {Error} when no guard has let the request pass
 */
export function optionalAuthOf<User = unknown>(
  request: IncomingMessage,
  resourceServer?: ResourceServer<string, User>,
): Authorization<User> | undefined {
  return optionalAuthOfRequest(request, resourceServer);
}
