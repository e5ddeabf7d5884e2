/**
 * One spelling for all spellings of the address of a request: without query and fragment, after the syntax- and
 * scheme-based normalisation of RFC 3986, sections 6.2.2 and 6.2.3, as RFC 9449, section 4.3, compares `htu`.
 * Case of scheme and host, default port, empty path, dot segments and needless percent-encoding do not matter; case of
 * the path, empty segments and a trailing slash do.
 *
 * `undefined` for everything that is not plainly an http or https URL. `URL` alone would let too much pass for the same
 * address: it drops line breaks, turns backslashes, and reads `0x7f.1` as a host.
 */
export function normalizedTarget(target: string): string | undefined {
  if (!visibleAscii.test(target) || target.includes('\\')) return undefined;
  const [, host, path] = plainUrl.exec(target) ?? [];
  if (host === undefined || malformedEncoding.test(path ?? '')) return undefined;
  const url = URL.parse(target);
  if (!url || url.hostname !== host.toLowerCase()) return undefined;
  return `${url.protocol}//${url.host}${encodedAlike(url.pathname)}`;
}

const visibleAscii = /^[\x21-\x7E]+$/;
/** Host, then path. No userinfo, no port with leading zeros, no host in a spelling that only `URL` understands. */
const plainUrl =
  /^https?:\/\/(\[[0-9a-f:.]+\]|[a-z0-9._~!$&'()*+,;=-]+)(?::(?:[1-9][0-9]{0,4})?)?(\/[^?#]*)?(?:[?#].*)?$/i;
const malformedEncoding = /%(?![0-9a-f]{2})/i;
/** RFC 3986, section 2.3. */
const unreserved = /[A-Za-z0-9._~-]/;

/** RFC 3986, sections 6.2.2.1 and 6.2.2.2. Encoded dots in segments of dots are gone already. */
function encodedAlike(path: string): string {
  return path.replace(/%[0-9a-f]{2}/gi, (encoded) => {
    const character = String.fromCharCode(Number.parseInt(encoded.slice(1), 16));
    return unreserved.test(character) ? character : encoded.toUpperCase();
  });
}
