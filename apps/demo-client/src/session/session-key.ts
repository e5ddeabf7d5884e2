import { hkdfSync, randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

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

/**
 * Reads the key that was made at the first start, or makes it. It appears under its name whole and with its final mode
 * or not at all, so two processes that start together agree on one key.
 */
export function readOrMakeSessionKey(file: string): string {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  writeFileSync(draft, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx', flush: true });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
  return readFileSync(file, 'utf8').trim();
}
