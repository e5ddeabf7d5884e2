import type { CheckName, FoundCheck } from '@latchkey/flow-reports';
import type { Decision } from '@latchkey/resource-server';

/** What the guard looks at, in its order. */
const order: readonly CheckName[] = ['token_format', 'typ', 'algorithm', 'signature', 'iss', 'aud', 'exp', 'scope'];

/** Which of them a token failed, by what the verification says of it. */
const causes: readonly (readonly [CheckName, RegExp])[] = [
  ['algorithm', /\balg\b|algorithm/i],
  ['typ', /\btyp\b/i],
  ['signature', /signature|no applicable key/i],
  ['iss', /issuer|"iss"/i],
  ['aud', /"aud"|audience|not for this API/i],
  ['exp', /"exp"|expired|over/i],
];

/** What came of it, as checks: those before the one that failed have passed, and those after it were not made. */
export function guardChecks({ outcome, refusal, principal }: Decision): readonly FoundCheck[] {
  switch (outcome) {
    case 'allowed':
      return [...passed(order), ...(principal?.claims.cnf ? passed(['proof']) : [])];
    case 'token_expired':
      return upTo('exp', refusal?.error_description);
    case 'insufficient_scope':
      return upTo('scope', refusal?.error_description);
    case 'insufficient_authentication':
      return [...passed(order), { name: 'step_up', outcome: 'failed' }];
    case 'invalid_proof':
    case 'nonce_required':
      return [{ name: 'proof', outcome: 'failed', detail: refusal?.error_description }];
    case 'access_denied':
      return [...passed(order), { name: 'account', outcome: 'failed', detail: refusal?.error_description }];
    case 'invalid_token':
      return upTo(failedCheck(refusal?.cause), wordsOf(refusal?.cause));
    default:
      return [];
  }
}

function passed(names: readonly CheckName[]): FoundCheck[] {
  return names.map((name) => ({ name, outcome: 'passed' }));
}

function upTo(name: CheckName, detail: string | undefined): FoundCheck[] {
  return [...passed(order.slice(0, order.indexOf(name))), { name, outcome: 'failed', detail }];
}

function failedCheck(cause: unknown): CheckName {
  const words = wordsOf(cause) ?? '';
  return causes.find(([, pattern]) => pattern.test(words))?.[0] ?? 'token_format';
}

function wordsOf(cause: unknown): string | undefined {
  if (cause instanceof Error) return cause.message;
  return typeof cause === 'string' ? cause : undefined;
}
