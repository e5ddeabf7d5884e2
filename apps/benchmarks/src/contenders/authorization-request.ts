import { createHash } from 'node:crypto';
import { authorizationScope, redirectUri } from './running-server.ts';

/** RFC 7636: one for all, since drawing them is no part of what is measured. */
export const verifier = 'a-code-verifier-of-a-benchmark-that-keeps-no-secret';
export const challenge = createHash('sha256').update(verifier).digest('base64url');

/** The query of an authorization request that must not ask anybody. */
export function silentQuery(clientId: string, codeChallenge: string): string {
  return new URLSearchParams({
    client_id: clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: authorizationScope,
    state: 'a-state-of-the-usual-length-0123456789abcdef',
    nonce: 'a-nonce-of-the-usual-length-0123456789abcdef',
    code_challenge: codeChallenge,
    code_challenge_method: 'S256',
    prompt: 'none',
  }).toString();
}
