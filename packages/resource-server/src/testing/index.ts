/**
 * An authorization server for tests: real discovery, real keys, real signatures over real HTTP, so that a test passes
 * through the same checks as production. It has no users and asks nobody: never run it anywhere else.
 */

export { createDpopKey, type DpopKey, type DpopProofRequest } from './dpop-key.ts';
export { startTestIssuer, type TestIssuer, type TestIssuerOptions } from './test-issuer.ts';
