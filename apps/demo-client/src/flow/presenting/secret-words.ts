import { createHash } from 'node:crypto';

/** Linear on any text: a run of these characters is looked at once. */
const runs = /[\w+/=~%.-]{16,}/g;
const tokens = /(?<![\w-])[\w-]{10,}\.[\w-]{10,}(?:\.[\w-]*){1,3}/g;
const word = /^(?:[A-Z]?[a-z]{3,40}(?:[A-Z][a-z]{2,40}){0,8}|[A-Z]?[a-z]{0,2}|[A-Z]{1,40}|\d{1,8})$/;
/** As in `sha256`, `ES256`, `3rd` or the middle of `2026-11-24T19`. */
const mixed = /^(?:[A-Za-z]{1,6}\d{1,4}|\d{1,4}[A-Za-z]{1,2}\d{0,4})$/;

/** The first eight hex digits of the SHA-256. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

/** What stands in a text where a secret was. */
export function markOf(secret: string): string {
  return `[hash ${hashOf(secret)}]`;
}

/** Text that may be shown, without whatever in it is a token or looks random. */
export function withoutSecrets(text: string): string {
  return text
    .replace(tokens, (found) => (isToken(found) ? markOf(found) : found))
    .replace(runs, (found) => (looksRandom(found) ? markOf(found) : found));
}

/**
 * Made by chance rather than by people: its pieces are not words, nor short numbers. One piece in which both meet is allowed.
 *
 * @param least what is shorter tells too little to be told from words
 */
export function looksRandom(text: string, least = 16): boolean {
  if (text.length < least) return false;
  const odd = text.split(/[^A-Za-z0-9]+/).filter((piece) => !word.test(piece));
  return odd.length > 1 || odd.some((piece) => !mixed.test(piece));
}

/** A signed or encrypted token (RFC 7515 and 7516, section 3.1 of both), signed or not. */
export function isToken(text: string): boolean {
  const parts = text.split('.');
  if (parts.length < 3 || parts.length > 5 || !/^[\w.-]+$/.test(text)) return false;
  return jsonIn(parts[0] ?? '') !== undefined;
}

/** The object that a part of a token is. */
export function jsonIn(part: string): object | undefined {
  try {
    const members: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof members === 'object' && members !== null && !Array.isArray(members) ? members : undefined;
  } catch {
    return undefined;
  }
}
