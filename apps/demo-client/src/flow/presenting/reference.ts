import type { Reference } from '../presented-exchange.ts';

interface Site {
  readonly name: string;
  readonly href: string;
  /** What a section is called in an address. */
  readonly anchors?: Readonly<Record<string, string>>;
}

/** Specifications that are no RFC, by short names. */
const sites: Readonly<Record<string, Site>> = {
  core: {
    name: 'OpenID Connect Core 1.0',
    href: 'https://openid.net/specs/openid-connect-core-1_0.html',
    anchors: {
      2: 'IDToken',
      '3.1.2.1': 'AuthRequest',
      '3.1.2.3': 'Authenticates',
      '3.1.2.4': 'Consent',
      '3.1.3.6': 'CodeIDToken',
      '3.1.3.7': 'IDTokenValidation',
      5.1: 'StandardClaims',
      5.5: 'ClaimsParameter',
    },
  },
  logout: {
    name: 'OpenID Connect RP-Initiated Logout 1.0',
    href: 'https://openid.net/specs/openid-connect-rpinitiated-1_0.html',
    anchors: { 2: 'RPLogout' },
  },
  backchannel: {
    name: 'OpenID Connect Back-Channel Logout 1.0',
    href: 'https://openid.net/specs/openid-connect-backchannel-1_0.html',
    anchors: { 2.4: 'LogoutToken', 2.6: 'Validation' },
  },
  modes: {
    name: 'OAuth 2.0 Multiple Response Type Encoding Practices',
    href: 'https://openid.net/specs/oauth-v2-multiple-response-types-1_0.html',
    anchors: { 2.1: 'ResponseModes' },
  },
  trace: {
    name: 'W3C Trace Context',
    href: 'https://www.w3.org/TR/trace-context/',
    anchors: { 3.2: 'traceparent-header', 3.3: 'tracestate-header' },
  },
  metadata: {
    name: 'W3C Fetch Metadata Request Headers',
    href: 'https://www.w3.org/TR/fetch-metadata/',
    anchors: {
      2.1: 'sec-fetch-dest-header',
      2.2: 'sec-fetch-mode-header',
      2.3: 'sec-fetch-site-header',
      2.4: 'sec-fetch-user-header',
    },
  },
  fetch: { name: 'Fetch Standard, CORS protocol', href: 'https://fetch.spec.whatwg.org/#http-cors-protocol' },
  jsonrpc: { name: 'JSON-RPC 2.0', href: 'https://www.jsonrpc.org/specification' },
};

/** @param source `6749 4.1.1`: an RFC by its number, or a specification by its short name, and a section if it has any */
export function referenceTo(source: string): Reference {
  const [document = '', section = ''] = source.split(' ');
  const site = sites[document];
  const part = section === '' ? '' : `, section ${section}`;
  if (!site)
    return {
      label: `RFC ${document}${part}`,
      href: `https://www.rfc-editor.org/rfc/rfc${document}#section-${section}`,
    };
  const anchor = site.anchors?.[section];
  return { label: site.name + part, href: anchor === undefined ? site.href : `${site.href}#${anchor}` };
}
