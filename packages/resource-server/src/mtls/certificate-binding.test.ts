import { once } from 'node:events';
import { Agent, createServer, get } from 'node:https';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { createCertificate } from '../../../../test/deployment/certificate.ts';
import { certificateThumbprint, checkCertificateBinding } from './certificate-binding.ts';
import type { CertificateFormat } from './certificate-formats.ts';

/** RFC 8705, appendix A. */
const appendixA = [
  'MIIBBjCBrAIBAjAKBggqhkjOPQQDAjAPMQ0wCwYDVQQDDARtdGxzMB4XDTE4MTAxODEyMzcwOVoXDTIyMDUwMjEyMzcwOVowDzENMAsGA1UEAwwE',
  'bXRsczBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNcnyxwqV6hY8QnhxxzFQ03C7HKW9OylMbnQZjjJ/Au08/coZwxS7LfA4vOLS9WuneIXhbGG',
  'WvsDSb0tH6IxLm8wCgYIKoZIzj0EAwIDSQAwRgIhAP0RC1E+vwJD/D1AGHGzuri+hlV/PpQEKTWUVeORWz83AiEA5x2eXZOVbUlJSGQgjwD5vaUa',
  'KlLR50Q2DmFfQj1L+SY=',
];
const base64 = appendixA.join('');
const thumbprint = 'A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0';
const sha256 = Buffer.from(thumbprint, 'base64url').toString('hex');
const pem = `-----BEGIN CERTIFICATE-----\n${appendixA.join('\n')}\n-----END CERTIFICATE-----\n`;

/** RFC 9440, section 2.2 and appendix A. */
const bc = [
  ':MIIBqDCCAU6gAwIBAgIBBzAKBggqhkjOPQQDAjA6MRswGQYDVQQKDBJMZXQncyBBdXRoZW50aWNhdGUxGzAZBgNVBAMMEkxBIEludGVybWVkaWF0',
  'ZSBDQTAeFw0yMDAxMTQyMjU1MzNaFw0yMTAxMjMyMjU1MzNaMA0xCzAJBgNVBAMMAkJDMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE8YnXXfaU',
  'gmnMtOXU/IncWalRhebrXmckC8vdgJ1p5Be5F/3YC8OthxM4+k1M6aEAEFcGzkJiNy6J84y7uzo9M6NyMHAwCQYDVR0TBAIwADAfBgNVHSMEGDAW',
  'gBRm3WjLa38lbEYCuiCPct0ZaSED2DAOBgNVHQ8BAf8EBAMCBsAwEwYDVR0lBAwwCgYIKwYBBQUHAwIwHQYDVR0RAQH/BBMwEYEPYmRjQGV4YW1w',
  'bGUuY29tMAoGCCqGSM49BAMCA0gAMEUCIBHda/r1vaL6G3VliL4/Di6YK0Q6bMjeSkC3dFCOOB8TAiEAx/kHSB4urmiZ0NX5r5XarmPk0wmuydBV',
  'oU4hBVZ1yhk=:',
].join('');

const shownIn = (format: CertificateFormat, ...values: readonly string[]) => {
  const rawHeaders = ['Host', 'api.example', ...values.flatMap((value) => ['Client-Cert', value])];
  return certificateThumbprint({ rawHeaders }, { header: 'client-cert', format });
};

test.each<[CertificateFormat, string]>([
  ['rfc9440', `:${base64}:`],
  ['base64', base64],
  ['pem', pem.replaceAll('\n', ' ')],
  ['pem', pem.replaceAll('\n', '\t')],
  ['pem', pem],
  ['pem-url-encoded', encodeURIComponent(pem)],
  // NOTE: some leave these three as they are.
  ['pem-url-encoded', encodeURI(pem)],
  ['xfcc', `Hash=${sha256}`],
  ['xfcc', `By=spiffe://a/b?c=d;Hash=${sha256};Subject="CN=\\"x\\",O=y;z";URI=;DNS=a`],
])('RFC 8705, appendix A: the thumbprint of the certificate as %s (%#)', (format, value) => {
  expect(shownIn(format, value)).toBe(thumbprint);
});

test('RFC 9440: the certificate of the example is read', () => {
  expect(shownIn('rfc9440', bc)).toBe('v68ffgcPn6jdYpBfFY2nP4ShE2Yk-6_Mk5PI9yh6aes');
});

const trailing = Buffer.concat([Buffer.from(base64, 'base64'), Buffer.of(0)]).toString('base64');

test.each<[CertificateFormat, string]>([
  ['rfc9440', base64],
  ['rfc9440', `:${base64}`],
  ['rfc9440', '::'],
  ['rfc9440', ':AAAA:'],
  ['rfc9440', `:${base64}:;a=1`],
  ['rfc9440', `:${base64}:, :${base64}:`],
  ['rfc9440', `:${base64.slice(0, -1)}:`],
  ['rfc9440', `:${base64.slice(0, -4)}:`],
  ['rfc9440', `:${trailing}:`],
  ['rfc9440', `:${Buffer.from(pem).toString('base64')}:`],
  ['base64', pem],
  ['base64', `${base64},${base64}`],
  ['pem', base64],
  ['pem', pem + pem],
  ['pem', pem.replaceAll('CERTIFICATE', 'PUBLIC KEY')],
  ['pem', encodeURIComponent(pem)],
  ['pem-url-encoded', '%'],
  ['pem-url-encoded', '%ff'],
  ['pem-url-encoded', encodeURIComponent(pem + pem)],
  ['xfcc', 'By=a'],
  ['xfcc', `Hash=${sha256};Hash=${sha256}`],
  ['xfcc', `Hash=${sha256},Hash=${sha256}`],
  ['xfcc', `Subject="a;Hash=${sha256}`],
  ['xfcc', `Subject="a";Hash=${sha256.slice(1)}`],
  ['xfcc', `Subject="a"Hash=${sha256}`],
  ['xfcc', ';;'],
])('malformed as %s: %s', (format, value) => {
  expect(shownIn(format, value)).toEqual({ ok: false, failed: 'certificate malformed' });
});

test('no header or an empty one is no certificate, and two are refused, in any case of the name', () => {
  expect(shownIn('rfc9440')).toBeUndefined();
  expect(shownIn('rfc9440', '')).toBeUndefined();
  expect(shownIn('rfc9440', bc, bc)).toEqual({ ok: false, failed: 'several certificates' });
  const rawHeaders = ['CLIENT-CERT', bc, 'client-cert', bc];
  const source = { header: 'Client-Cert', format: 'rfc9440' } as const;
  expect(certificateThumbprint({ rawHeaders }, source)).toEqual({ ok: false, failed: 'several certificates' });
});

test('RFC 8705, section 3: a token is good with its own certificate only', () => {
  const source = { header: 'client-cert', format: 'rfc9440' } as const;
  const check = (...rawHeaders: readonly string[]) => checkCertificateBinding({ rawHeaders }, source, thumbprint);
  expect(check('client-cert', `:${base64}:`)).toEqual({ ok: true });
  expect(check('client-cert', bc)).toEqual({ ok: false, failed: 'not the certificate of the access token' });
  expect(check()).toEqual({ ok: false, failed: 'no certificate' });
  expect(check('client-cert', 'x')).toEqual({ ok: false, failed: 'certificate malformed' });
});

describe('in the connection itself', () => {
  test('the certificate of the handshake counts, and no header', async () => {
    const { certificate: cert, key } = createCertificate();
    const expected = shownIn('pem', cert);
    const verdicts: unknown[] = [];
    const server = createServer({ cert, key, requestCert: true, rejectUnauthorized: false }, (request, response) => {
      verdicts.push(checkCertificateBinding(request, 'connection', String(expected)));
      response.end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    for (const identity of [{ cert, key }, createCertificate(), undefined]) {
      const own = identity && 'certificate' in identity ? { cert: identity.certificate, key: identity.key } : identity;
      const agent = new Agent({ ...own, rejectUnauthorized: false });
      const headers = { 'client-cert': `:${base64}:` };
      const [response] = await once(get({ host: '127.0.0.1', port, agent, headers }), 'response');
      response.resume();
      await once(response, 'end');
      agent.destroy();
    }
    server.close();
    expect(verdicts).toEqual([
      { ok: true },
      { ok: false, failed: 'not the certificate of the access token' },
      { ok: false, failed: 'no certificate' },
    ]);
  });

  test.each([undefined, null, {}, { getPeerCertificate: 1 }, { getPeerCertificate: () => null }])(
    'a connection without TLS, or closed, shows none (%#)',
    (socket) => {
      expect(certificateThumbprint({ rawHeaders: [], socket }, 'connection')).toBeUndefined();
    },
  );
});
