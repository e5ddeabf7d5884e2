import ipaddr from 'ipaddr.js';

/*
 * The rules of a redirect URI, in order (RFC 9700, section 2.1; RFC 8252, sections 7 and 8):
 *   1. an absolute URI of at most 2,000 visible ASCII characters
 *   2. no fragment, no user or password, no wildcard, no dot segment: it is compared character by character
 *   3. https; or http on a loopback host; or, for a native app that an operator registers, a scheme of its own
 */

export type RegisteredBy = 'operator' | 'anonymous';

const loopbackHosts = new Set(['localhost', '127.0.0.1', '[::1]']);
const forbiddenSchemes = new Set(['javascript:', 'vbscript:', 'data:', 'blob:', 'file:', 'about:', 'ws:', 'wss:']);

export interface RedirectUriContext {
  readonly native: boolean;
  readonly registeredBy: RegisteredBy;
}

/** @returns what is wrong with the redirect URI, or nothing */
export function redirectUriProblem(uri: unknown, { native, registeredBy }: RedirectUriContext): string | undefined {
  const syntax = uriProblem(uri);
  if (syntax !== undefined) return syntax;
  const url = new URL(uri as string);
  switch (url.protocol) {
    case 'https:':
      return native && loopbackHosts.has(url.hostname)
        ? 'must use http on a loopback host: a native app has no certificate for it'
        : undefined;
    case 'http:':
      return isOnLoopback(uri) ? undefined : 'must use https (http only on localhost, 127.0.0.1 or [::1])';
    default:
      if (forbiddenSchemes.has(url.protocol)) return `must not use the scheme ${url.protocol.slice(0, -1)}`;
      if (registeredBy === 'operator' && native && url.protocol.includes('.')) return undefined;
      return registeredBy === 'operator'
        ? 'must use https, http on a loopback host, or, for a native app, a scheme of its own in reverse domain order'
        : 'must use https, or http on a loopback host';
  }
}

/** RFC 8252, section 7.3: whether a redirect URI leads to whatever listens on the person's own computer. */
export function isOnLoopback(uri: unknown): boolean {
  const url = typeof uri === 'string' ? URL.parse(uri) : null;
  return url?.protocol === 'http:' && loopbackHosts.has(url.hostname);
}

/** @returns what is wrong with another URI of a registration (a logo, a policy, a logout endpoint), or nothing */
export function metadataUriProblem(uri: unknown, registeredBy: RegisteredBy): string | undefined {
  const syntax = uriProblem(uri);
  if (syntax !== undefined) return syntax;
  const url = new URL(uri as string);
  if (registeredBy === 'operator') {
    return url.protocol === 'https:' || url.protocol === 'http:' ? undefined : 'must be an https or http URI';
  }
  if (url.protocol !== 'https:') return 'must use https';
  return isPublicHost(url.hostname) ? undefined : 'must be on a public host';
}

function uriProblem(uri: unknown): string | undefined {
  if (typeof uri !== 'string') return 'must be a string';
  if (uri.length > 2000) return 'must be at most 2,000 characters long';
  if (!/^[\x21-\x7E]+$/.test(uri) || /[\\<>"`{}|^]/.test(uri)) {
    return 'must consist of visible ASCII characters that a URI allows';
  }
  const url = URL.parse(uri);
  // NOTE: the parser also takes https:app.example and https:///app.example, which other programs read otherwise.
  if (!url || (/^https?:/i.test(uri) && !/^https?:\/\/[^/]/i.test(uri))) {
    return 'must be an absolute URI such as https://app.example/callback';
  }
  if (uri.includes('#')) return 'must not have a fragment';
  if (url.username !== '' || url.password !== '' || /^[a-z][a-z0-9+.-]*:\/*[^/?]*@/i.test(uri)) {
    return 'must not have a user or password';
  }
  if (uri.includes('*')) return 'must not have a wildcard: register each URI in full';
  const [path = ''] = uri.replaceAll(/%2e/gi, '.').split('?');
  if (/\/\.{1,2}(?:\/|$)/.test(path)) return 'must not have a dot segment';
  return undefined;
}

/** Whether a host name may be reached from the server on a stranger's word: no loopback, private or metadata address. */
export function isPublicHost(hostname: string): boolean {
  const name = hostname.toLowerCase().replace(/\.$/, '');
  const literal = name.startsWith('[') ? name.slice(1, -1) : name;
  if (ipaddr.isValid(literal)) {
    const address = ipaddr.process(literal);
    // NOTE: ::/96 holds IPv4 addresses in a notation that is no longer used, loopback among them.
    const oldNotation =
      address.kind() === 'ipv6' && (address as ipaddr.IPv6).parts.slice(0, 6).every((part) => part === 0);
    return address.range() === 'unicast' && !oldNotation;
  }
  if (!name.includes('.') || name.split('.').includes('')) return false;
  return !/\.(?:localhost|local|localdomain|internal|intranet|lan|home|home\.arpa|corp|svc|cluster|test|invalid)$/.test(
    name,
  );
}
