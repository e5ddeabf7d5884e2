import { createHash } from 'node:crypto';
import type { Exchange } from '@latchkey/flow-reports';
import { seenSecrets } from './spent-secrets.ts';

export interface Revealed {
  readonly kind: 'shown';
  readonly hash: string;
  readonly value: string;
  /** Of a code verifier: RFC 7636, section 4.6, the hash of it that the authorization request carried. */
  readonly challenge?: string;
}

/**
 * One secret of a picture in full, if it opens nothing any more.
 *
 * @param hash the first eight hex digits of its SHA-256
 * @param now epoch milliseconds, by the clock of the apps
 */
export function revealSecret(
  exchanges: readonly Exchange[],
  hash: string,
  now: number,
): Revealed | { readonly kind: 'not yet' | 'never'; readonly words: string } {
  const secret = seenSecrets(exchanges, now).get(hash);
  if (!secret) return { kind: 'never', words: 'That is nothing that could be shown.' };
  if (!secret.spent) {
    const words = `Whoever holds it could still use it, so it is not shown. It can be ${secret.until}.`;
    return { kind: 'not yet', words };
  }
  const challenge = createHash('sha256').update(secret.value).digest('base64url');
  const isVerifier = exchanges.some(
    ({ request }) => URL.parse(request.url)?.searchParams.get('code_challenge') === challenge,
  );
  return { kind: 'shown', hash, value: secret.value, ...(isVerifier && { challenge }) };
}
