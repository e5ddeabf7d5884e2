import type { IncomingMessage, ServerResponse } from 'node:http';
import { isLater } from '../awaitable.ts';
import { type NodeRequest, type NodeResponse, nodeFacts, writeAnswer } from '../binding/node-exchange.ts';
import {
  authOfRequest,
  createRequestGuard,
  type GuardMode,
  optionalAuthOfRequest,
  type Passed,
} from '../binding/request-guard.ts';
import type { Guard } from '../requirement/guard.ts';
import type { Authorization, ResourceServer } from '../resource-server.ts';

/**
 * A guard to ask by hand: false means that the caller may not pass and has been answered, so there is nothing left to do.
 *
 *     const mayRead = guard(resourceServer, { scopes: ['read:notes'] });
 *     createServer(async (request, response) => {
 *       if (!(await mayRead(request, response))) return;
 *       response.end(authOf(request).subject);
 *     });
 *
 * Guards that one request is asked about add up. The token is verified once per request, and the body is left alone.
 *
 * @param mode `optional`: without credentials the caller is anonymous, a bad token is refused all the same
 * @returns a function that rejects with what `accept` or `loadUser` throw, and never on account of what the caller sent
 * @throws {TypeError} when a scope is not in the resource server's catalogue
 */
export function guard<Scope extends string, User = undefined>(
  resourceServer: ResourceServer<Scope, User>,
  needs: Guard<Scope> = {},
  mode: GuardMode = 'required',
): (request: NodeRequest, response: NodeResponse) => Promise<boolean> {
  const pass = createRequestGuard(resourceServer, needs, mode);
  return async function mayPass(request, response) {
    const passed = pass(request, nodeFacts(request));
    const refusal = isLater(passed) ? await passed : passed;
    if (refusal) writeAnswer(response, refusal);
    return !refusal;
  };
}

/**
 * A listener for `http`, `https` or `http2` that runs only for callers who may pass, and is told who is calling:
 *
 *     createServer(guarded(resourceServer, { scopes: ['read:notes'] }, (request, response, auth) => {
 *       response.end(auth.subject);
 *     })).listen(4100);
 *
 * @param mode `optional`: `auth` is `undefined` for an anonymous caller; a bad token is refused all the same
 * @returns a listener that rejects with what `handler`, `accept` or `loadUser` throw. Node answers that with a 500 where
 *   `captureRejections` of `node:events` is on; left alone it ends the process, as with every asynchronous listener
 * @throws {TypeError} when a scope is not in the resource server's catalogue
 */
export function guarded<
  Scope extends string,
  User = undefined,
  Mode extends GuardMode = 'required',
  Request extends NodeRequest = IncomingMessage,
  Response extends NodeResponse = ServerResponse,
>(
  resourceServer: ResourceServer<Scope, User>,
  needs: Guard<Scope>,
  handler: (request: Request, response: Response, auth: Passed<Mode, User>) => unknown,
  mode?: Mode,
): (request: Request, response: Response) => Promise<void> {
  const pass = createRequestGuard(resourceServer, needs, mode);
  return async function guardedListener(request, response) {
    const passed = pass(request, nodeFacts(request));
    const refusal = isLater(passed) ? await passed : passed;
    if (refusal) return writeAnswer(response, refusal);
    // NOTE: an anonymous caller has passed only where the mode is `optional`, and there the type has `undefined`.
    const handled = handler(request, response, optionalAuthOf(request, resourceServer) as Passed<Mode, User>);
    if (isLater(handled)) await handled;
  };
}

/**
 * Who is calling, with the scopes that all guards of this request have asked for.
 *
 * @param resourceServer gives `user` its type; without it `user` is `unknown`
 * @throws {Error} when no guard has let the request pass, or one has let it pass without credentials
 */
export function authOf<User = unknown>(
  request: NodeRequest,
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
  request: NodeRequest,
  resourceServer?: ResourceServer<string, User>,
): Authorization<User> | undefined {
  return optionalAuthOfRequest(request, resourceServer);
}
