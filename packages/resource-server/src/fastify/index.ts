/** The kit's Fastify binding: guards as hooks, who is calling, and the metadata of the resource. */

export type { GuardMode } from '../binding/request-guard.ts';
export type { GuardedReply, GuardedRequest } from './exchange.ts';
export { authOf, type GuardHook, guard, optionalAuthOf } from './guard.ts';
export { type MetadataRoute, metadataRoute } from './metadata-route.ts';
