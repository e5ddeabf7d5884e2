/** The kit's Hono binding: guards as middleware, who is calling, and the metadata of the resource. */

export type { GuardMode } from '../binding/request-guard.ts';
export { authOf, type GuardVariables, guard, optionalAuthOf } from './guard.ts';
export { metadataRoute } from './metadata-route.ts';
