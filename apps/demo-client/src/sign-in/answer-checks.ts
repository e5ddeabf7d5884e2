import type { FlowReporter } from '@latchkey/flow-reports';
import * as oidc from 'openid-client';

type Checks = Parameters<FlowReporter['check']>[0];

export interface AnswerChecks {
  /** Of what the browser brought back. */
  readonly received: Checks;
  /** Of what the authorization server gave for the code. */
  readonly sent: Checks;
}

/**
 * What openid-client has looked at in an answer, in its order: `iss` and `state` of what the browser brought, then the ID
 * token's claims, its nonce, and at last its signature. The first that does not hold ends it, so what comes after was not
 * looked at, and is not named.
 *
 * @param hasIssuer whether the answer names one (RFC 9207)
 * @param error what openid-client threw, if it did
 */
export function answerChecks(hasIssuer: boolean, error?: unknown): AnswerChecks {
  const issuer: Checks = hasIssuer ? [{ name: 'iss', outcome: 'passed' }] : [];
  if (error === undefined) {
    const sent = [...passed('nonce'), ...passed('id_token')];
    return { received: issuer, sent };
  }
  const { claim, words } = failureIn(error);
  if (/response parameter "iss"|"iss" \(issuer\) response parameter/.test(words))
    return { received: [{ name: 'iss', outcome: 'failed' }], sent: [] };
  if (claim === 'nonce' || /JWT "nonce"/.test(words))
    return { received: issuer, sent: [{ name: 'nonce', outcome: 'failed' }] };
  if (/signature|keys?\b/.test(words) && error instanceof oidc.ClientError)
    return { received: issuer, sent: [...passed('nonce'), tokenFailed('its signature')] };
  if (claim !== undefined || /ID Token|JWT/.test(words))
    return { received: issuer, sent: [tokenFailed(claim === undefined ? undefined : `its ${claim}`)] };
  const wasAnswered =
    error instanceof oidc.AuthorizationResponseError ||
    error instanceof oidc.ResponseBodyError ||
    error instanceof oidc.WWWAuthenticateChallengeError;
  return { received: wasAnswered ? issuer : [], sent: [] };
}

function passed(name: 'nonce' | 'id_token'): Checks {
  return [{ name, outcome: 'passed' }];
}

function tokenFailed(detail: string | undefined): Checks[number] {
  return { name: 'id_token', outcome: 'failed', ...(detail !== undefined && { detail }) };
}

/** NOTE: openid-client wraps what went wrong; the claim that did not hold stands in the cause of the cause. */
function failureIn(error: unknown): { readonly claim: string | undefined; readonly words: string } {
  if (!(error instanceof oidc.ClientError) || !(error.cause instanceof Error)) return { claim: undefined, words: '' };
  const { message, cause } = error.cause;
  const claim: unknown = typeof cause === 'object' && cause !== null ? Reflect.get(cause, 'claim') : undefined;
  return { claim: typeof claim === 'string' ? claim : undefined, words: message };
}
