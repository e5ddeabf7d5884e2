import Router from '@koa/router';
import type { Middleware } from 'koa';
import compose from 'koa-compose';
import { type Guard, requirementOf } from '../requirement.ts';
import type { ResourceServer } from '../resource-server.ts';
import { assertKnownScopes } from './authorization.ts';
import { answerRoute } from './route-answer.ts';
import type { DeclaredRoute, RouteDeclaration, RouteHandler } from './route-declaration.ts';

export interface ApiRouterOptions {
  /** Put before every path: `/api`. */
  readonly prefix?: string;
  /** Default 100 KiB. */
  readonly bodyLimitBytes?: number;
}

/**
 * Declares one route.
 *
 * @param path with `:name` for parameters; letters in either case and a trailing slash are told apart
 * @throws {TypeError} when a scope is not in the catalogue, or an open route (`auth: 'none'`) asks for something
 */
export type RouteMethod<Scope extends string> = <const Declaration extends RouteDeclaration<Scope>>(
  path: string,
  declaration: Declaration,
  handler: RouteHandler<Declaration>,
) => void;

export interface ApiRouter<Scope extends string> {
  readonly get: RouteMethod<Scope>;
  readonly post: RouteMethod<Scope>;
  readonly put: RouteMethod<Scope>;
  readonly patch: RouteMethod<Scope>;
  readonly delete: RouteMethod<Scope>;
  /** A router below this one: its routes need what this one needs, and what `needs` adds. */
  under(path: string, needs: Guard<Scope>): ApiRouter<Scope>;
  /** Every route declared here and below, in the order of declaration. */
  readonly routes: readonly DeclaredRoute[];
  /** Serves them. Answers `OPTIONS` and 405 with `Allow`, without a look at credentials. */
  middleware(): Middleware;
}

export function createApiRouter<Scope extends string>(
  resourceServer: ResourceServer<Scope>,
  { prefix = '', bodyLimitBytes = 100 * 1024 }: ApiRouterOptions = {},
): ApiRouter<Scope> {
  const router = new Router({ sensitive: true, strict: true });
  const routes: DeclaredRoute[] = [];

  function routerAt(base: string, guards: readonly Guard<Scope>[]): ApiRouter<Scope> {
    const method =
      (name: string): RouteMethod<Scope> =>
      (path, declaration, handler) => {
        const requirement = requirementOf([...guards, declaration], declaration.auth);
        const route: DeclaredRoute = { method: name, path: base + path, declaration, requirement };
        assertRoute(resourceServer, route);
        routes.push(route);
        // NOTE: `answerRoute` has checked everything that the handler's type promises, against this same declaration.
        const answer = answerRoute(resourceServer, route, handler as RouteHandler<RouteDeclaration>, bodyLimitBytes);
        router.register(route.path, [name], answer);
      };
    return {
      get: method('GET'),
      post: method('POST'),
      put: method('PUT'),
      patch: method('PATCH'),
      delete: method('DELETE'),
      under: (path, needs) => routerAt(base + path, [...guards, needs]),
      routes,
      middleware: () => compose([router.routes() as Middleware, router.allowedMethods() as Middleware]),
    };
  }
  return routerAt(prefix, []);
}

function assertRoute(resourceServer: ResourceServer, { method, path, requirement }: DeclaredRoute): void {
  assertKnownScopes(resourceServer, requirement);
  const { mode, scopes, person, authentication } = requirement;
  if (mode === 'none' && (scopes.length > 0 || person || authentication.length > 0))
    throw new TypeError(`${method} ${path} is open, and yet asks for scopes, a person or a sign-in`);
}
