/** Where somebody comes from who says nothing about it. */
const home = '/';

/**
 * The address to go to after signing in: an own path, or the start page.
 *
 * Refused is all that a browser might read as another place: an absolute address, `//elsewhere`, a backslash (browsers
 * take it for a slash), control characters (they are left out before the address is read), and our own `/auth/` pages,
 * which would send the person round in circles.
 */
export function ownPath(wanted: unknown): string {
  if (typeof wanted !== 'string' || wanted.length > 2_000) return home;
  if (!wanted.startsWith('/') || wanted.startsWith('//')) return home;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
  if (/[\u0000-\u0020\u007f-\u009f\\]/.test(wanted)) return home;
  const url = URL.parse(wanted, 'http://own.invalid');
  if (url?.origin !== 'http://own.invalid') return home;
  // What the browser will make of it: dot segments may uncover a second slash.
  const path = url.pathname + url.search + url.hash;
  if (path.startsWith('//') || /^\/auth(\/|$)/i.test(url.pathname)) return home;
  return path;
}
