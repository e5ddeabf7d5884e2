import { hash, X509Certificate } from 'node:crypto';

/** The SHA-256 thumbprint of the certificate in a header's value, as base64url; `undefined` if it is malformed. */
export type CertificateReader = (value: string) => string | undefined;

/** How proxies write the client's certificate into a header. */
export const certificateFormats = {
  /** RFC 9440, `Client-Cert`: base64 of the DER between colons (RFC 9651, section 3.3.5). */
  rfc9440: (value) => thumbprintOf(decoded(/^:([^:]+):$/.exec(value)?.[1])),
  /** Base64 of the DER: HAProxy's `ssl_c_der,base64`. */
  base64: (value) => thumbprintOf(decoded(value)),
  /** PEM, with blanks in the place of line breaks, which no header can carry. */
  pem: (value) => thumbprintOf(decoded(insideOfPem(value))),
  /** Percent-encoded PEM: nginx's `$ssl_client_escaped_cert`, and what load balancers at AWS send. */
  'pem-url-encoded': (value) => thumbprintOf(decoded(insideOfPem(percentDecoded(value)))),
  /** Envoy's `x-forwarded-client-cert`: the `Hash` of its one element. Envoy is to overwrite it (`SANITIZE_SET`). */
  xfcc: (value) => hashOfElement(value),
} as const satisfies Record<string, CertificateReader>;

export type CertificateFormat = keyof typeof certificateFormats;

/** RFC 8705, section 3.1. NOTE: what OpenSSL read must be all that was sent, or one certificate had many thumbprints. */
export function thumbprintOf(der: Buffer | undefined): string | undefined {
  try {
    return der && new X509Certificate(der).raw.equals(der) ? hash('sha256', der, 'base64url') : undefined;
  } catch {
    return undefined;
  }
}

/** NOTE: Node skips what is not base64; what does not come out as it went in is refused. */
function decoded(base64: string | undefined): Buffer | undefined {
  if (base64 === undefined) return undefined;
  const bytes = Buffer.from(base64, 'base64');
  return bytes.toString('base64') === base64 ? bytes : undefined;
}

/** Of one certificate: with more of them it would be for the proxy to say which is the client's. */
function insideOfPem(pem: string | undefined): string | undefined {
  const [, base64] =
    /^-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----\s*$/.exec(pem ?? '') ?? [];
  return base64?.replace(/\s/g, '');
}

function percentDecoded(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}

/** Names and values, the latter in quotes where they have to be. A comma outside of quotes would begin another element. */
function hashOfElement(element: string): string | undefined {
  const pair = /([A-Za-z]+)=("(?:[^"\\]|\\.)*"|[^",;]*)(?:;|$)/gy;
  const hashes: string[] = [];
  while (pair.lastIndex < element.length) {
    const [, name = '', value = ''] = pair.exec(element) ?? [];
    if (name === '') return undefined;
    if (name.toLowerCase() === 'hash') hashes.push(value);
  }
  const [sha256 = '', ...others] = hashes;
  if (others.length > 0 || !/^[0-9a-f]{64}$/i.test(sha256)) return undefined;
  return Buffer.from(sha256, 'hex').toString('base64url');
}
