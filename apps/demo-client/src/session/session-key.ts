import { hkdfSync } from 'node:crypto';

/** One key per purpose, derived from the session key: what leaks of one says nothing about the others. */
export interface SessionKeys {
  /** Names rows: HMAC of what the browser holds. */
  readonly lookup: Uint8Array;
  /** Seals what rows hold. */
  readonly seal: Uint8Array;
  /** Makes the hidden token of forms. */
  readonly csrf: Uint8Array;
}

/** @param sessionKey 32 bytes as base64url */
export function deriveKeys(sessionKey: string): SessionKeys {
  const secret = Buffer.from(sessionKey, 'base64url');
  if (secret.length !== 32) throw new TypeError('the session key must have 32 bytes');
  const derive = (purpose: string) =>
    new Uint8Array(hkdfSync('sha256', secret, '', `latchkey demo client ${purpose}`, 32));
  return { lookup: derive('lookup'), seal: derive('seal'), csrf: derive('csrf') };
}
