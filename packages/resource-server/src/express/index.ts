/** The kit's Express binding: guards as middleware, who is calling, and the metadata of the resource. */

export type { GuardMode } from '../binding/request-guard.ts';
export { authOf, type GuardedRequest, type GuardMiddleware, guard, optionalAuthOf } from './guard.ts';
export { metadataRoute } from './metadata-route.ts';
