/**
 * Keys, and what is derived from one: keyed digests for lookups, sealing for what is stored. The data key that the
 * server works with and the signing keys that the world sees are next door; nothing else in the house holds a raw key.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/** Each use has a key of its own, so that one leaking through a weakness of its use opens no other. */
export type KeyPurpose =
  | 'artifact-lookup'
  | 'artifact-seal'
  | 'csrf'
  | 'data-key-id'
  | 'data-key-seal'
  | 'device-cookie'
  | 'dpop-nonce'
  | 'grant-reference'
  | 'refresh-successor'
  | 'signing-key-seal';

export interface Keyring {
  /** HMAC-SHA-256 in base64url; the parts are joined unambiguously. */
  digest(purpose: KeyPurpose, ...parts: readonly string[]): string;
  /** AES-256-GCM; `context` is authenticated, so that a sealed value cannot be moved to another row. */
  seal(purpose: KeyPurpose, context: string, plaintext: string): string;
  /** @throws when the value was altered, moved, or sealed under another key */
  open(purpose: KeyPurpose, context: string, sealed: string): string;
  /** 32 raw bytes, for the few that need them. */
  bytes(purpose: KeyPurpose): Buffer;
}

const version = 'v1';
const nonceLength = 12;
const authTagLength = 16;

/** @param key 32 random bytes: the data key, or the key-encryption key that seals it */
export function createKeyring(key: Buffer): Keyring {
  if (key.length !== 32) throw new TypeError('a key must be 32 bytes');
  const derived = new Map<KeyPurpose, Buffer>();
  const bytes = (purpose: KeyPurpose): Buffer => {
    let subkey = derived.get(purpose);
    if (!subkey) {
      subkey = Buffer.from(hkdfSync('sha256', key, '', `latchkey ${version} ${purpose}`, 32));
      derived.set(purpose, subkey);
    }
    return subkey;
  };

  return {
    bytes,
    digest(purpose, ...parts) {
      const hmac = createHmac('sha256', bytes(purpose));
      for (const part of parts) hmac.update(`${Buffer.byteLength(part)}:${part};`);
      return hmac.digest('base64url');
    },
    seal(purpose, context, plaintext) {
      const nonce = randomBytes(nonceLength);
      const cipher = createCipheriv('aes-256-gcm', bytes(purpose), nonce);
      cipher.setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
      return `${version}.${Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64url')}`;
    },
    open(purpose, context, sealed) {
      const [prefix, encoded] = sealed.split('.');
      if (prefix !== version || !encoded) throw new Error(`unknown sealing version: ${prefix}`);
      const raw = Buffer.from(encoded, 'base64url');
      if (raw.length < nonceLength + authTagLength) throw new Error('a sealed value was cut');
      const nonce = raw.subarray(0, nonceLength);
      const decipher = createDecipheriv('aes-256-gcm', bytes(purpose), nonce, { authTagLength });
      decipher.setAAD(Buffer.from(context));
      decipher.setAuthTag(raw.subarray(-authTagLength));
      const body = raw.subarray(nonceLength, -authTagLength);
      return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
    },
  };
}
