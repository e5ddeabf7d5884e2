import { sortOf } from './secret-names.ts';
import { isToken, looksRandom, markOf, withoutSecrets } from './secret-words.ts';
import { parsedAddress, shownAddress } from './shown-address.ts';

/** Of what not even a hash is shown. */
export const hidden = '•••';
const longest = 2_000;

/** What becomes of a named text: a name that is known to be of a secret decides; else what the text looks like. */
export function verdictOn(name: string, text: string): 'hidden' | 'secret' | 'open' | 'text' {
  const sort = sortOf(name);
  if (sort === 'unspeakable') return 'hidden';
  if (sort === 'secret' || isToken(text)) return 'secret';
  if (sort === 'open' && /^[\w.:@-]{1,600}$/.test(text)) return 'open';
  return !isAddress(text) && /^[\w+/=~%.-]+$/.test(text) && looksRandom(text) ? 'secret' : 'text';
}

/** A named value as text, with marks where secrets were: at any depth of JSON. */
export function shownMember(name: string, value: unknown): string {
  const shown = shownInside(name, value, 6);
  return typeof shown === 'string' ? shown : (JSON.stringify(shown) ?? '').slice(0, longest);
}

/** NOTE: a body that is no form has its whole content for a name. */
export function shownName(name: string): string {
  return /^[\w.:[\]$@/# -]{1,60}$/.test(name) && !looksRandom(name) ? name : hidden;
}

function shownInside(name: string, value: unknown, depth: number): unknown {
  if (typeof value === 'string') return shownText(name, value);
  if (typeof value === 'number') return numberIn(name, value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return '…';
  if (Array.isArray(value)) return value.map((each) => shownInside(name, each, depth - 1));
  return Object.fromEntries(
    Object.entries(value).map(([each, inner]) => [shownName(each), shownInside(each, inner, depth - 1)]),
  );
}

function numberIn(name: string, value: number): unknown {
  const sort = sortOf(name);
  if (sort === 'unspeakable') return hidden;
  return sort === 'secret' ? markOf(String(value)) : value;
}

function shownText(name: string, text: string): string {
  switch (verdictOn(name, text)) {
    case 'hidden':
      return hidden;
    case 'secret':
      return markOf(text);
    case 'open':
      return text;
    case 'text':
      return (isAddress(text) ? shownAddressIn(text) : withoutSecrets(text)).slice(0, longest);
  }
}

function isAddress(text: string): boolean {
  return /^(?:[a-z][a-z\d+.-]*:\/\/|\/(?!\/))\S*$/i.test(text);
}

/** NOTE: an address may itself carry a secret. */
function shownAddressIn(text: string): string {
  const base = text.startsWith('/') ? 'http://here' : undefined;
  const url = parsedAddress(text, base);
  const query = [...url.searchParams].map(([name, value]) => `${shownName(name)}=${shownText(name, value)}`).join('&');
  const address = shownAddress(url) + (query === '' ? '' : `?${query}`);
  return base === undefined ? address : address.slice(base.length);
}
