import { createHash } from 'node:crypto';
import type { PresentedClaim, PresentedToken, PresentedValue } from '../presented-exchange.ts';
import { claims as explained } from './explanations.ts';
import { referenceTo } from './reference.ts';

const jwt = /^[\w-]+\.[\w-]+\.[\w-]*$/;
/** Anywhere in a text: what looks like a token is one. */
const jwtInside = /[\w-]{10,}\.[\w-]{10,}\.[\w-]{20,}/g;

/** A value that no browser gets to see: how it can be told from others, and what it says if it is a token. */
export function secretValue(text: string): PresentedValue {
  const token = tokenIn(text);
  return { kind: 'secret', hash: hashOf(text), length: text.length, ...(token && { token }) };
}

/** Text that may be shown, without whatever in it may not. */
export function plainValue(text: string): PresentedValue {
  return { kind: 'text', text: withoutTokens(text).slice(0, 2_000) };
}

function withoutTokens(text: string): string {
  return text.replace(jwtInside, (found) => `[hash ${hashOf(found)}]`);
}

/** Words that somebody else has written: neither tokens nor anything that could be an opaque one. */
export function foreignWords(text: string): string {
  const isOpaque = (word: string) => /\d/.test(word) && /[a-z]/.test(word) && /[A-Z]/.test(word);
  return withoutTokens(text).replace(/[\w-]{32,}/g, (word) => (isOpaque(word) ? `[hash ${hashOf(word)}]` : word));
}

/** A value that is long and looks random is a secret, whatever its name. */
export function looksSecret(text: string): boolean {
  return jwt.test(text) || (/^[\w~.+/=-]{24,}$/.test(text) && /\d/.test(text) && /[A-Za-z]/.test(text));
}

/** The first eight hex digits of the SHA-256. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

/** Header and claims; the signature, which makes it a token, is not in it. */
function tokenIn(text: string): PresentedToken | undefined {
  if (!jwt.test(text)) return undefined;
  const [header, claims] = text.split('.').map(membersOf);
  return header && claims && { header, claims };
}

function membersOf(part: string): PresentedClaim[] | undefined {
  try {
    const members: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    if (typeof members !== 'object' || members === null) return undefined;
    return Object.entries(members).map(([name, value]) => {
      const found = explained[name];
      const shown = typeof value === 'string' ? value : JSON.stringify(value);
      return { name, value: withoutTokens(shown), ...(found && { why: found[0], rfc: referenceTo(found[1]) }) };
    });
  } catch {
    return undefined;
  }
}
