import Router from '@koa/router';
import type { Middleware } from 'koa';
import type { Guard } from '../requirement/guard.ts';
import { asksForMore, requirementOf } from '../requirement/requirement.ts';
import type { ResourceServer } from '../resource-server.ts';
import { answerRoute } from './route-answer.ts';
import type { DeclaredRoute, RouteDeclaration, RouteHandler } from './route-declaration.ts';

export interface ApiRouterOptions<Scope extends string = string> {
  /** Put before every path: `/api`. */
  readonly prefix?: string;
  /** Default 100 KiB. */
  readonly bodyLimitBytes?: number;
  /** What every route needs. */
  readonly needs?: Guard<Scope>;
}

/**
 * Declares one route.
 *
 * @param path with `:name` for parameters; letters in either case and a trailing slash are told apart
 * @throws {TypeError} when a scope is not in the catalogue, or an open route (`auth: 'none'`) asks for something
 */
export type RouteMethod<Scope extends string, User = undefined> = <const Declaration extends RouteDeclaration<Scope>>(
  path: string,
  declaration: Declaration,
  handler: RouteHandler<Declaration, User>,
) => void;

export interface ApiRouter<Scope extends string, User = undefined> {
  readonly get: RouteMethod<Scope, User>;
  readonly post: RouteMethod<Scope, User>;
  readonly put: RouteMethod<Scope, User>;
  readonly patch: RouteMethod<Scope, User>;
  readonly delete: RouteMethod<Scope, User>;
  /** A router below this one: its routes need what this one needs, and what `needs` adds. */
  under(path: string, needs: Guard<Scope>): ApiRouter<Scope, User>;
  /** Every route declared here and below, in the order of declaration. */
  readonly routes: readonly DeclaredRoute[];
  /** Serves them. Answers `OPTIONS` and 405 with `Allow`, without a look at credentials. */
  middleware(): Middleware;
}

export function createApiRouter<Scope extends string, User = undefined>(
  resourceServer: ResourceServer<Scope, User>,
  { prefix = '', bodyLimitBytes = 100 * 1024, needs: ofAll = {} }: ApiRouterOptions<NoInfer<Scope>> = {},
): ApiRouter<Scope, User> {
  const router = new Router({ sensitive: true, strict: true });
  const routes: DeclaredRoute[] = [];

  function routerAt(base: string, guards: readonly Guard<Scope>[]): ApiRouter<Scope, User> {
    const method =
      (name: string): RouteMethod<Scope, User> =>
      (path, declaration, handler) => {
        const requirement = requirementOf([...guards, declaration], declaration.auth);
        const route: DeclaredRoute = { method: name, path: base + path, declaration, requirement };
        assertRoute(resourceServer, route);
        routes.push(route);
        // NOTE: `answerRoute` has checked everything that the handler's type promises, against this same declaration.
        const checked = handler as RouteHandler<RouteDeclaration, User>;
        router.register(route.path, [name], answerRoute(resourceServer, route, checked, bodyLimitBytes));
      };
    return {
      get: method('GET'),
      post: method('POST'),
      put: method('PUT'),
      patch: method('PATCH'),
      delete: method('DELETE'),
      under: (path, needs) => routerAt(base + path, [...guards, needs]),
      routes,
      middleware() {
        const served = router.routes() as Middleware;
        const others = router.allowedMethods() as Middleware;
        return (ctx, next) => served(ctx, () => others(ctx, next));
      },
    };
  }
  return routerAt(prefix, [ofAll]);
}

function assertRoute(
  resourceServer: Pick<ResourceServer, 'assertKnownScopes'>,
  { method, path, requirement }: DeclaredRoute,
): void {
  resourceServer.assertKnownScopes(requirement);
  if (requirement.mode === 'none' && asksForMore(requirement))
    throw new TypeError(`${method} ${path} is open, and yet asks for scopes, a person, a claim or a sign-in`);
}
