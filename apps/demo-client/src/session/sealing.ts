import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';

const ivLength = 12;
const tagLength = 16;

/**
 * Encrypts a value for one row with AES-256-GCM. The place is associated data: a sealed value that is copied into
 * another row does not open there.
 *
 * @param place table and row id
 */
export function seal(key: Uint8Array, place: string, value: unknown): string {
  const iv = randomBytes(ivLength);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(place));
  const body = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url');
}

/** What was sealed for this place; undefined when it was sealed elsewhere, under another key, or was changed. */
export function unseal(key: Uint8Array, place: string, sealed: string): unknown {
  const bytes = Buffer.from(sealed, 'base64url');
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivLength), { authTagLength: tagLength });
    decipher.setAAD(Buffer.from(place));
    decipher.setAuthTag(bytes.subarray(ivLength, ivLength + tagLength));
    const body = Buffer.concat([decipher.update(bytes.subarray(ivLength + tagLength)), decipher.final()]);
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** The name under which a secret is found again: who reads the table cannot go back from it to the secret. */
export function lookupKey(key: Uint8Array, kind: string, secret: string): string {
  return createHmac('sha256', key).update(`${kind}\0`).update(secret).digest('base64url');
}
