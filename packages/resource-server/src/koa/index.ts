/**
 * The kit's Koa binding: a router whose every route is declared once, and from the declaration come the guard, the
 * validation, the handler's types and the OpenAPI document. Who may pass is decided by the core.
 */
export { type ApiRouter, type ApiRouterOptions, createApiRouter, type RouteMethod } from './api-router.ts';
export { type GuardState, guard } from './authorization.ts';
export { readLimitedBody } from './limited-body.ts';
export { metadataRoute } from './metadata-route.ts';
export {
  isProblem,
  type MemberError,
  type Problem,
  problem,
  problemOfError,
  writeProblem,
} from './problem.ts';
export { unansweredProblems } from './route-answer.ts';
export type {
  DeclaredRoute,
  RouteContext,
  RouteDeclaration,
  RouteHandler,
} from './route-declaration.ts';
