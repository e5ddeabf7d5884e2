import { type CertificateFormat, certificateFormats, thumbprintOf } from './certificate-formats.ts';

/**
 * Where the certificate is that the client showed in its TLS handshake: in the connection itself, where Node ends TLS
 * (`requestCert: true`), or in a header that a proxy in front writes.
 *
 * WARNING: the proxy MUST overwrite the header in every request, and remove it where the client showed no certificate,
 * and nobody may reach the API past the proxy. A header that a client can write itself is no proof of anything:
 * certificates are public, so whoever steals a token could send the certificate along with it (RFC 9440, section 4).
 */
export type CertificateSource = 'connection' | CertificateHeader;

export interface CertificateHeader {
  /** The header's name, in any case. */
  readonly header: string;
  readonly format: CertificateFormat;
}

/** What is read of a request; Node's `IncomingMessage` is one. */
export interface CertificateRequest {
  /** Names and values in turn, as received. */
  readonly rawHeaders: readonly string[];
  /** For `connection`: a `TLSSocket`. */
  readonly socket?: unknown;
}

/** For the log. */
export type CertificateFailure =
  | 'no certificate'
  | 'several certificates'
  | 'certificate malformed'
  | 'not the certificate of the access token';

export interface CertificateRefusal {
  readonly ok: false;
  readonly failed: CertificateFailure;
}

/**
 * RFC 8705, section 3: whether the client's certificate is the one that its access token is bound to.
 * Its chain and its dates are the business of who ends TLS: a self-signed one may be in use (section 2.2).
 *
 * @param thumbprint `cnf['x5t#S256']` of the verified access token
 * @returns a refusal for everything that a stranger may send; it never throws
 */
export function checkCertificateBinding(
  request: CertificateRequest,
  source: CertificateSource,
  thumbprint: string,
): { readonly ok: true } | CertificateRefusal {
  const shown = certificateThumbprint(request, source);
  if (shown === undefined) return refused('no certificate');
  if (typeof shown !== 'string') return shown;
  // NOTE: compared plainly: both can be read by whoever has the token, so there is nothing to find out.
  return shown === thumbprint ? { ok: true } : refused('not the certificate of the access token');
}

/** RFC 8705, section 3.1: SHA-256 over the DER, as base64url; `undefined` where there is no certificate. */
export function certificateThumbprint(
  { rawHeaders, socket }: CertificateRequest,
  source: CertificateSource,
): string | undefined | CertificateRefusal {
  if (source === 'connection') {
    const der = peerCertificate(socket);
    return der && (thumbprintOf(der) ?? refused('certificate malformed'));
  }
  const name = source.header.toLowerCase();
  const values = rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name);
  const [value, ...others] = values;
  // NOTE: one of them may be the client's own.
  if (others.length > 0) return refused('several certificates');
  // NOTE: some proxies send an empty header where there was no certificate.
  if (value === undefined || value.trim() === '') return undefined;
  return certificateFormats[source.format](value.trim()) ?? refused('certificate malformed');
}

/** NOTE: an empty object where the client showed none, `null` where the connection is closed already. */
function peerCertificate(socket: unknown): Buffer | undefined {
  if (typeof socket !== 'object' || socket === null || !('getPeerCertificate' in socket)) return undefined;
  if (typeof socket.getPeerCertificate !== 'function') return undefined;
  const certificate: unknown = socket.getPeerCertificate();
  if (typeof certificate !== 'object' || certificate === null || !('raw' in certificate)) return undefined;
  return Buffer.isBuffer(certificate.raw) ? certificate.raw : undefined;
}

function refused(failed: CertificateFailure): CertificateRefusal {
  return { ok: false, failed };
}
