import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

/*
 * Client secrets are 256 random bits of our own making, or of an operator's who hands the same to server and client: a
 * plain digest keeps them as safe as a slow one would, and checking it at every token request costs nothing.
 */

const prefix = 'sha256:';

export function generateClientSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** @returns what is wrong with a secret that an operator has made, or nothing */
export function clientSecretProblem(secret: unknown): string | undefined {
  if (typeof secret !== 'string' || secret.length < 32) return 'must be at least 32 characters';
  // RFC 6749, appendix A.2: what a secret may consist of.
  if (!/^[\x20-\x7E]+$/.test(secret)) return 'must consist of visible ASCII characters';
  if (new Set(secret).size < 12) return 'is too regular: use at least 32 random characters';
  return isSecretHash(secret) ? 'must not look like a stored hash' : undefined;
}

/** A hash is left as it is: the engine stores back what it has read. */
export function hashClientSecret(secret: string): string {
  return isSecretHash(secret) ? secret : prefix + hash('sha256', secret, 'base64url');
}

/** Compares in constant time. The hash itself is no secret that would pass. */
export function clientSecretMatches(stored: string | undefined, presented: string): boolean {
  if (stored === undefined || !isSecretHash(stored) || isSecretHash(presented)) return false;
  const expected = Buffer.from(stored);
  const actual = Buffer.from(hashClientSecret(presented));
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

/** Whether this is a secret as it is stored, and not as its client knows it. */
export function isSecretHash(text: string): boolean {
  return /^sha256:[A-Za-z0-9_-]{43}$/.test(text);
}
