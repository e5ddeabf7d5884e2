/** The kit's binding for bare `node:http`, `https` and `http2`: guards, who is calling, and the metadata of the resource. */

export type { NodeRequest, NodeResponse } from '../binding/node-exchange.ts';
export type { GuardMode } from '../binding/request-guard.ts';
export { authOf, guard, guarded, optionalAuthOf } from './guard.ts';
export { metadataRoute } from './metadata-route.ts';
