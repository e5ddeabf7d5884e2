/**
 * The kit of a protected API: from a request to a principal or a refusal, framework-free. It verifies access tokens,
 * checks scopes and sign-in age, and writes challenges and metadata. Routes, validation and the API's document are the
 * business of `@latchkey/resource-server/koa`; an issuer to test against is in `@latchkey/resource-server/testing`.
 */

export type { RefusalAnswer } from './challenge.ts';
export type { RequestFacts } from './credentials.ts';
export type { AccessTokenClaims, Principal } from './principal.ts';
export type { ProtectedResourceMetadata } from './protected-resource.ts';
export {
  accessDenied,
  insufficientAuthentication,
  insufficientScope,
  invalidRequest,
  invalidToken,
  isRefusal,
  type Refusal,
} from './refusals.ts';
export {
  type AuthenticationMode,
  type AuthenticationRequirement,
  type Guard,
  type Requirement,
  requirementOf,
} from './requirement.ts';
export { createResourceServer, type ResourceServer } from './resource-server.ts';
export type { ResourceServerOptions } from './resource-server-options.ts';
export { type AsymmetricAlgorithm, asymmetricAlgorithms } from './token-verifier.ts';
