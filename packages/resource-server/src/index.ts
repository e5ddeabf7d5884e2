/**
 * The kit of a protected API: from a request to who is calling, or to a refusal, framework-free. It verifies access
 * tokens, checks scopes, claims and sign-in, and writes challenges and metadata. Each framework has an entry of its own;
 * routes, validation and the document are in `./koa` and `./openapi`; an issuer to test against is in `./testing`.
 */

export type { Excess, Limiter } from './authentication/limiter.ts';
export type { DpopSettings } from './authentication/proof-of-possession.ts';
export type { CertificateSource } from './mtls/certificate-binding.ts';
export type { ProtectedResourceMetadata } from './protected-resource.ts';
export type { RefusalAnswer, RefusalBody, RefusalFormat } from './refusal/refusal-answer.ts';
export {
  accessDenied,
  insufficientAuthentication,
  insufficientScope,
  invalidRequest,
  invalidToken,
  isRefusal,
  type Refusal,
  type RefusalKind,
} from './refusal/refusals.ts';
export { createMemoryReplayStore } from './replay/memory-replay-store.ts';
export { createPostgresReplayStore } from './replay/postgres-replay-store.ts';
export { type ReplayStore, ReplayStoreFullError, type StoredReplayStore } from './replay/replay-store.ts';
export { createSqliteReplayStore } from './replay/sqlite-replay-store.ts';
export { factsOf, type RequestFacts } from './request/request-facts.ts';
export type { RequestView } from './request/request-view.ts';
export type { AuthenticationMode, AuthenticationRequirement, ClaimRule, Guard } from './requirement/guard.ts';
export { type Requirement, requirementOf, under } from './requirement/requirement.ts';
export { type AnyOf, anyOf, type ScopeNeed, type ScopesFor, scopesFor } from './requirement/scope-needs.ts';
export { type Authorization, createResourceServer, type ResourceServer } from './resource-server.ts';
export type { Decision, ResourceServerOptions } from './resource-server-options.ts';
export {
  type AsymmetricAlgorithm,
  asymmetricAlgorithms,
  type IntrospectionOptions,
  type IssuerOptions,
} from './verification/issuer-options.ts';
export type { AccessTokenClaims, Principal } from './verification/principal.ts';
