import { type Awaitable, andThen } from '../awaitable.ts';
import type { RefusalAnswer } from '../refusal/refusal-answer.ts';
import { isRefusal } from '../refusal/refusals.ts';
import type { RequestFacts } from '../request/request-facts.ts';
import type { AuthenticationMode, Guard } from '../requirement/guard.ts';
import { type Requirement, requirementOf, under } from '../requirement/requirement.ts';
import { isScopesFor } from '../requirement/scope-needs.ts';
import type { Authorization, ResourceServer } from '../resource-server.ts';
import { plainParams } from './plain-params.ts';

/*
 * The guard as every binding has it: what a framework's own middleware adds is where the facts are, and how an answer is
 * written. Who may pass is decided by the core.
 */

/** Whether credentials may be absent behind a guard. */
export type GuardMode = Exclude<AuthenticationMode, 'none'>;

/** Who has passed a guard of this mode: an anonymous caller only where it is `optional`. */
export type Passed<Mode extends GuardMode, User> = Mode extends 'optional'
  ? Authorization<User> | undefined
  : Authorization<User>;

/** What a request has passed so far: the guards add up down the chain. */
interface Passage {
  readonly resourceServer: object;
  readonly requirement: Requirement;
  readonly auth: Authorization<unknown> | undefined;
}

/** NOTE: a property, since a WeakMap with an entry for each request costs several times as much to keep. */
const passed = Symbol('passed');

type GuardedObject = object & { [passed]?: Passage | undefined };

/**
 * @param request the object that stands for this request in the framework: the same one all the way down the chain
 * @param facts the same ones all the way too, so that the token is verified once
 * @param params of the route's path, asked for only where scopes depend on the request
 * @returns the refusal to write, or `undefined` for who may pass; at once where nobody has to be asked
 */
export type RequestGuard = (
  request: object,
  facts: RequestFacts,
  params?: () => unknown,
) => Awaitable<RefusalAnswer | undefined>;

/** @throws {TypeError} when a scope is not in the resource server's catalogue */
export function createRequestGuard<Scope extends string, User>(
  resourceServer: ResourceServer<Scope, User>,
  needs: Guard<Scope> = {},
  mode: GuardMode = 'required',
): RequestGuard {
  const own = requirementOf([needs], mode);
  resourceServer.assertKnownScopes(own);
  return function passGuard(request: GuardedObject, facts, params) {
    const outer = request[passed];
    const requirement = outer?.resourceServer === resourceServer ? under(outer.requirement, own) : own;
    return andThen(resourceServer.authorize(facts, requirement, paramsFor(requirement, params)), (auth) => {
      if (isRefusal(auth)) {
        // NOTE: whatever runs in spite of it must not find who has passed an outer guard.
        request[passed] = undefined;
        return resourceServer.answer(auth, requirement);
      }
      request[passed] = { resourceServer, requirement, auth };
      return undefined;
    });
  };
}

function paramsFor({ needs }: Requirement, params: (() => unknown) | undefined) {
  return params && needs.some(isScopesFor) ? plainParams(params()) : undefined;
}

/** @throws {Error} when no guard has let the request pass, or one has let it pass without credentials */
export function authOfRequest<User>(
  request: object,
  resourceServer?: ResourceServer<string, User>,
): Authorization<User> {
  const auth = optionalAuthOfRequest(request, resourceServer);
  if (!auth) throw new Error('The caller is anonymous: behind an optional guard, ask optionalAuthOf');
  return auth;
}

/** @throws {Error} when no guard has let the request pass: a guard that was forgotten must not look like a stranger */
export function optionalAuthOfRequest<User>(
  request: GuardedObject,
  resourceServer?: ResourceServer<string, User>,
): Authorization<User> | undefined {
  const passage = request[passed];
  if (!passage || (resourceServer && passage.resourceServer !== resourceServer))
    throw new Error('No guard has let this request pass: put guard(…) before what asks who is calling');
  // NOTE: the user is what this resource server's `loadUser` has given; without the resource server it is `unknown`.
  return passage.auth as Authorization<User> | undefined;
}
