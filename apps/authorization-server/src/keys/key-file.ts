import { ensureSecretFile } from '@latchkey/settings';

/** Reads 32 bytes in base64url, or in base64 as other tools write it. Stray characters are not read over. */
export function parseKey(text: string): Buffer | undefined {
  const encoded = text.trim();
  return /^[\w+/-]{43}=?$/.test(encoded) ? Buffer.from(encoded, 'base64url') : undefined;
}

/**
 * The key-encryption key of the embedded default: made at the first start, readable by the owner alone, kept for ever.
 *
 * @throws when the file is there but does not hold a key: it is never overwritten, since all data hangs on it
 */
export function readOrCreateKeyFile(path: string): Buffer {
  const key = parseKey(ensureSecretFile(path));
  if (!key) throw new Error(`${path} does not hold a 32-byte key in base64url; restore it from a backup`);
  return key;
}
