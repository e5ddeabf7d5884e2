/**
 * An authorization server for tests: real discovery, real keys, real signatures, so that a test passes through the same
 * checks as production, within the process or over real HTTP. It has no users and asks nobody: never run it anywhere
 * else.
 */

export { type BadToken, badTokens } from './bad-tokens.ts';
export { createDpopKey, type DpopKey, type DpopProofRequest } from './dpop-key.ts';
export type { ForgedTokens } from './forged-tokens.ts';
export type { TestIssuer, TestIssuerOptions } from './issuer-subject.ts';
export { startTestIssuer } from './listening-issuer.ts';
export type { OpaqueTokens } from './opaque-tokens.ts';
export { createTestIssuer, type InProcessIssuer, type InProcessIssuerOptions } from './test-issuer.ts';
export type { BearerHeaders, DpopHeaders, TestClaims, TestDpopRequest, TestTokens } from './test-tokens.ts';
