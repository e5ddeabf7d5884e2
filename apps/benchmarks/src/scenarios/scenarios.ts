/**
 * What is measured, in the order of the report. Which server is asked, how often, and what becomes of the numbers is
 * decided elsewhere.
 */
import { fullFlow, silentAuthorization } from './browser-scenarios.ts';
import { discovery, jwks } from './document-scenarios.ts';
import type { Scenario } from './scenario.ts';
import { clientCredentials, codeExchange, introspection, refresh } from './token-scenarios.ts';

export const scenarios: readonly Scenario[] = [
  clientCredentials,
  refresh,
  codeExchange,
  silentAuthorization,
  fullFlow,
  introspection,
  discovery,
  jwks,
];
