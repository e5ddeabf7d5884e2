import type { PresentedValue } from '../presented-exchange.ts';
import { sortOf } from './secret-names.ts';
import { hashOf, withoutSecrets } from './secret-words.ts';
import { shownMember, verdictOn } from './shown-members.ts';
import { tokenIn } from './token-claims.ts';

export { hashOf } from './secret-words.ts';

/** A value that no browser gets to see: how it can be told from others, and what it says if it is a token. */
export function secretValue(text: string): PresentedValue {
  const token = tokenIn(text);
  return { kind: 'secret', hash: hashOf(text), length: text.length, ...(token && { token }) };
}

/** Text that may be shown, without whatever in it may not. */
export function plainValue(text: string): PresentedValue {
  return { kind: 'text', text: withoutSecrets(text).slice(0, 2_000) };
}

/** A named value of a query, a form or JSON. */
export function memberValue(name: string, value: unknown): PresentedValue {
  if (typeof value === 'string' && verdictOn(name, value) === 'secret') return secretValue(value);
  if (typeof value === 'number' && sortOf(name) === 'secret') return secretValue(String(value));
  return { kind: 'text', text: shownMember(name, value) };
}
