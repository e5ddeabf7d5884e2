import type { CheckName, FoundCheck } from '@latchkey/flow-reports';
import type { Authorization, Decision } from '@latchkey/resource-server';
import { tokenFailure, tokenLooks } from './token-failure.ts';

/**
 * What the guard has looked at, and what came of it: those before the one that failed have passed, those after it were not made.
 *
 * @param nowMs epoch milliseconds
 */
export function guardChecks({ outcome, refusal, principal }: Decision, nowMs: number): readonly FoundCheck[] {
  const failed = (name: CheckName, detail = refusal?.error_description): FoundCheck[] => [
    { name, outcome: 'failed', detail },
  ];
  const isBound = principal?.claims.cnf !== undefined || refusal?.scheme === 'dpop';
  const theirs = passed(isBound ? [...tokenLooks, 'proof'] : tokenLooks);
  // NOTE: who is allowed in carries what was needed for it, as the refused do.
  const { requiredScopes } = (principal ?? {}) as Partial<Authorization<unknown>>;
  const scope = passed((requiredScopes ?? refusal?.scopes ?? []).length > 0 ? ['scope'] : []);
  switch (outcome) {
    case 'allowed':
      return [...theirs, ...scope];
    case 'insufficient_scope':
      return [...theirs, ...failed('scope')];
    case 'access_denied':
      return [...theirs, ...failed('account')];
    case 'insufficient_authentication':
      return [...theirs, ...scope, ...failed('step_up')];
    case 'invalid_proof':
    case 'nonce_required':
      return [...passed(tokenLooks), ...failed('proof', String(refusal?.cause ?? refusal?.error_description))];
    case 'token_expired':
    case 'invalid_token': {
      const { name, passed: before, detail } = tokenFailure(refusal?.cause, nowMs);
      return [...passed(before), ...failed(name, detail)];
    }
    default:
      return [];
  }
}

function passed(names: readonly CheckName[]): FoundCheck[] {
  return names.map((name) => ({ name, outcome: 'passed' }));
}
