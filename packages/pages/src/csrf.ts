import { createHmac, timingSafeEqual } from 'node:crypto';

/** The name of the hidden field in every form. */
export const csrfField = 'csrf_token';

/** A token that only this server can make for this session: HMAC-SHA-256 of the session's secret id. */
export function csrfToken(secret: Uint8Array, sessionId: string): string {
  return createHmac('sha256', secret).update('csrf\0').update(sessionId).digest('base64url');
}

/** Compares in constant time; anything but a string is refused. */
export function verifyCsrf(secret: Uint8Array, sessionId: string, presented: unknown): boolean {
  if (typeof presented !== 'string') return false;
  const expected = Buffer.from(csrfToken(secret, sessionId));
  const actual = Buffer.from(presented);
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}
