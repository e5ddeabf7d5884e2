import { hashOf, looksRandom, withoutSecrets } from './secret-words.ts';

const uuid = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/;

/** An address without its query, fragment and credentials, and without what is random in its path. */
export function shownAddress(url: URL): string {
  const { origin, protocol, host } = url;
  return withoutSecrets(origin === 'null' ? `${protocol}${host === '' ? '' : `//${host}`}` : origin) + shownPath(url);
}

/** NOTE: rows have UUIDs, and no secret is one. */
export function shownPath({ pathname }: URL): string {
  return pathname
    .split('/')
    .map((segment) => {
      const plain = decoded(segment);
      const isOpen = uuid.test(plain) || (!looksRandom(plain, 8) && withoutSecrets(plain) === plain);
      return isOpen ? segment : `hash-${hashOf(plain)}`;
    })
    .join('/');
}

/** For an arrow: ids in a path say nothing to people. */
export function shortPath(url: URL): string {
  return shownPath(url)
    .split('/')
    .map((segment) => (uuid.test(segment) || /^hash-[\da-f]{8}$/.test(segment) ? '…' : segment))
    .join('/');
}

/** What was sent may be no address at all: whoever sends may send anything. */
export function parsedAddress(address: string, base?: string): URL {
  return URL.parse(address, base) ?? new URL('unreadable:');
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
