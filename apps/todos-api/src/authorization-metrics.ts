import type { Decision } from '@latchkey/resource-server';
import type { Metrics } from '@latchkey/service';
import { Counter } from 'prom-client';

type Outcome = Decision['outcome'];

/** All that there are: the label has these values and no others, whatever strangers send. */
const outcomes = Object.keys({
  allowed: true,
  anonymous: true,
  not_authenticated: true,
  token_expired: true,
  invalid_token: true,
  invalid_proof: true,
  nonce_required: true,
  insufficient_scope: true,
  access_denied: true,
  insufficient_authentication: true,
  invalid_request: true,
  too_many_requests: true,
  unavailable: true,
} satisfies Record<Outcome, true>) as Outcome[];

/** Counts what became of requests at the guard. Every outcome is there from the start, so that a first one is a step. */
export function countDecisions({ registry }: Pick<Metrics, 'registry'>): (decision: Decision) => void {
  const total = new Counter({
    name: 'api_authorizations_total',
    help: 'Requests that met a guard, by outcome.',
    labelNames: ['outcome'],
    registers: [registry],
  });
  for (const outcome of outcomes) total.inc({ outcome }, 0);
  return ({ outcome }) => total.inc({ outcome });
}
