/**
 * Keys, and what is derived from one: keyed digests for lookups, sealing for what is stored. The data key that the
 * server works with and the signing keys that the world sees are next door; nothing else in the house holds a raw key.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';

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

/**
 * Each day has a sealing key of its own. With random nonces a key must not seal much more than 2^32 times (NIST SP
 * 800-38D, section 8.3), which a busy server does in a few weeks. What was sealed before there were days (`v1`) opens.
 */
const dayMs = 86_400_000;
const mostDerived = 2_000;

const nonceLength = 12;
const authTagLength = 16;

/** @param key 32 random bytes: the data key, or the key-encryption key that seals it */
export function createKeyring(key: Buffer): Keyring {
  if (key.length !== 32) throw new TypeError('a key must be 32 bytes');
  // NOTE: as objects of the crypto library, since it takes longer to read a key's bytes than to use it.
  const derived = new Map<string, KeyObject>();
  const derive = (information: string): KeyObject => {
    let object = derived.get(information);
    if (!object) {
      object = createSecretKey(Buffer.from(hkdfSync('sha256', key, '', information, 32)));
      if (derived.size >= mostDerived) derived.clear();
      derived.set(information, object);
    }
    return object;
  };
  const subkey = (purpose: KeyPurpose) => derive(`latchkey v1 ${purpose}`);
  const sealingKey = (purpose: KeyPurpose, day: string) => derive(`latchkey v2 ${purpose} ${day}`);
  const nextNonce = createNonces();

  const partsOf = (purpose: KeyPurpose, sealed: string): { secret: KeyObject; encoded: string } => {
    const [version, ...parts] = sealed.split('.');
    const [day = '', encoded] = version === 'v2' ? parts : ['', ...parts];
    const isKnown = (version === 'v1' && parts.length === 1) || (parts.length === 2 && /^[0-9a-z]{1,8}$/.test(day));
    if (!encoded || !isKnown) throw new Error(`unknown sealing version: ${version?.slice(0, 8)}`);
    return { secret: version === 'v2' ? sealingKey(purpose, day) : subkey(purpose), encoded };
  };

  return {
    bytes: (purpose) => subkey(purpose).export(),
    digest(purpose, ...parts) {
      let text = '';
      for (const part of parts) text += `${Buffer.byteLength(part)}:${part};`;
      return createHmac('sha256', subkey(purpose)).update(text).digest('base64url');
    },
    seal(purpose, context, plaintext) {
      const day = Math.floor(Date.now() / dayMs).toString(36);
      const nonce = nextNonce();
      const cipher = createCipheriv('aes-256-gcm', sealingKey(purpose, day), nonce);
      cipher.setAAD(Buffer.from(context));
      const body = cipher.update(plaintext, 'utf8');
      // NOTE: this mode gives everything at once, and its end only makes the tag.
      cipher.final();
      return `v2.${day}.${Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64url')}`;
    },
    open(purpose, context, sealed) {
      const { secret, encoded } = partsOf(purpose, sealed);
      const raw = Buffer.from(encoded, 'base64url');
      if (raw.length < nonceLength + authTagLength) throw new Error('a sealed value was cut');
      const decipher = createDecipheriv('aes-256-gcm', secret, raw.subarray(0, nonceLength), {
        authTagLength,
      });
      decipher.setAAD(Buffer.from(context));
      decipher.setAuthTag(raw.subarray(-authTagLength));
      const plaintext = decipher.update(raw.subarray(nonceLength, -authTagLength), undefined, 'utf8');
      // NOTE: throws when the tag does not fit; nothing is given away before that.
      decipher.final();
      return plaintext;
    },
  };
}

const noncesAtOnce = 256;

/** Random nonces, drawn many at a time and each used once: asking the system for twelve bytes costs as much as sealing. */
function createNonces(): () => Buffer {
  let drawn = Buffer.alloc(0);
  return () => {
    if (drawn.length === 0) drawn = randomBytes(noncesAtOnce * nonceLength);
    const nonce = drawn.subarray(0, nonceLength);
    drawn = drawn.subarray(nonceLength);
    return nonce;
  };
}
