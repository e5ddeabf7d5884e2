import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/*
 * A certificate for localhost that vouches for itself (RFC 5280, section 4.1). Written out here because Node can make
 * keys but no certificates, and because not every machine has openssl.
 */

export interface Certificate {
  /** PEM. */
  readonly certificate: string;
  /** PEM. */
  readonly key: string;
}

const ecdsaWithSha256 = sequence(oid(42, 840, 10045, 4, 3, 2));
const basicConstraints = oid(85, 29, 19);
const subjectAltName = oid(85, 29, 17);
const commonName = oid(85, 4, 3);

/** Good for a day, from a minute ago. */
export function createCertificate(): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = sequence(der(0x31, sequence(commonName, der(0x0c, Buffer.from('localhost')))));
  const isAuthority = extension(basicConstraints, sequence(der(0x01, Buffer.of(0xff))));
  const names = extension(
    subjectAltName,
    sequence(der(0x82, Buffer.from('localhost')), der(0x87, Buffer.of(127, 0, 0, 1))),
  );
  const toBeSigned = sequence(
    der(0xa0, der(0x02, Buffer.of(2))),
    der(0x02, Buffer.concat([Buffer.of(1), randomBytes(15)])),
    ecdsaWithSha256,
    name,
    sequence(time(Date.now() - 60_000), time(Date.now() + 86_400_000)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(isAuthority, names)),
  );
  const signature = sign('sha256', toBeSigned, privateKey);
  const signed = sequence(toBeSigned, ecdsaWithSha256, der(0x03, Buffer.of(0), signature));
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${signed.toString('base64')}\n-----END CERTIFICATE-----\n`,
    key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
  };
}

/** Tag, length, content (X.690, section 8.1). */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.of(tag, ...head), content]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, ...parts);
}

/** The first two numbers come as one, as they are encoded: 40 times the first and the second. */
function oid(first: number, ...rest: readonly number[]): Buffer {
  const bytes = [first, ...rest].flatMap((number) => {
    const groups = [number & 0x7f];
    for (let left = number >> 7; left > 0; left >>= 7) groups.unshift((left & 0x7f) | 0x80);
    return groups;
  });
  return der(0x06, Buffer.from(bytes));
}

function extension(id: Buffer, value: Buffer): Buffer {
  return sequence(id, der(0x01, Buffer.of(0xff)), der(0x04, value));
}

/** UTCTime. @param at epoch milliseconds */
function time(at: number): Buffer {
  return der(0x17, Buffer.from(new Date(at).toISOString().replaceAll(/^20|[-:T]|\.\d+/g, '')));
}
