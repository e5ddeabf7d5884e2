import { createCipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { createKeyring, type KeyPurpose } from './keyring.ts';

const key = randomBytes(32);
const keyring = createKeyring(key);

const purposes: KeyPurpose[] = [
  'artifact-lookup',
  'artifact-seal',
  'device-cookie',
  'dpop-nonce',
  'grant-reference',
  'refresh-successor',
  'signing-key-seal',
];

test('what was sealed opens, after a restart too', () => {
  for (const text of ['', 'hello', '{"a":"ü 植物"}', 'x'.repeat(100_000)]) {
    const sealed = keyring.seal('artifact-seal', 'row 1', text);
    expect(createKeyring(key).open('artifact-seal', 'row 1', sealed)).toBe(text);
  }
});

test('sealing twice gives two ciphertexts, and neither shows the text', () => {
  const seals = new Set(Array.from({ length: 50 }, () => keyring.seal('artifact-seal', 'row', 'a plain secret')));
  expect(seals.size).toBe(50);
  for (const sealed of seals) {
    expect(sealed).toMatch(/^v2\.[0-9a-z]+\.[A-Za-z0-9_-]+$/);
    expect(Buffer.from(sealed.split('.')[2] ?? '', 'base64url').includes('plain')).toBe(false);
  }
});

test('a sealed value cannot be moved to another row', () => {
  const sealed = keyring.seal('artifact-seal', 'row 1', 'hello');
  expect(() => keyring.open('artifact-seal', 'row 2', sealed)).toThrow();
  expect(() => keyring.open('artifact-seal', '', sealed)).toThrow();
});

test('a sealed value opens under its own purpose and key alone', () => {
  const sealed = keyring.seal('artifact-seal', 'row', 'hello');
  for (const purpose of purposes.filter((purpose) => purpose !== 'artifact-seal')) {
    expect(() => keyring.open(purpose, 'row', sealed), purpose).toThrow();
  }
  expect(() => createKeyring(randomBytes(32)).open('artifact-seal', 'row', sealed)).toThrow();
});

function takenApart(sealed: string) {
  const [version, day, encoded = ''] = sealed.split('.');
  return { head: `${version}.${day}`, bytes: Buffer.from(encoded, 'base64url') };
}

test('each day seals with a key of its own, and opens what every other day has sealed', () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 0, 1, 12) });
  const first = keyring.seal('artifact-seal', 'row', 'hello');
  vi.setSystemTime(Date.UTC(2026, 0, 2, 12));
  const second = keyring.seal('artifact-seal', 'row', 'hello');
  vi.useRealTimers();
  expect([first, second].map((sealed) => createKeyring(key).open('artifact-seal', 'row', sealed))).toEqual([
    'hello',
    'hello',
  ]);
  const [one, two] = [takenApart(first), takenApart(second)];
  expect(one.head).not.toBe(two.head);
  expect(() => keyring.open('artifact-seal', 'row', `${two.head}.${one.bytes.toString('base64url')}`)).toThrow();
});

test('what was sealed before there were days opens', () => {
  const secret = Buffer.from(hkdfSync('sha256', key, '', 'latchkey v1 artifact-seal', 32));
  const cipher = createCipheriv('aes-256-gcm', secret, Buffer.alloc(12)).setAAD(Buffer.from('row'));
  const body = Buffer.concat([Buffer.alloc(12), cipher.update('hello'), cipher.final()]);
  const sealed = `v1.${Buffer.concat([body, cipher.getAuthTag()]).toString('base64url')}`;
  expect(keyring.open('artifact-seal', 'row', sealed)).toBe('hello');
});

test('one altered bit anywhere is noticed', () => {
  const { head, bytes } = takenApart(keyring.seal('artifact-seal', 'row', 'hello'));
  for (let index = 0; index < bytes.length; index++) {
    const altered = Buffer.from(bytes);
    altered.writeUInt8(altered.readUInt8(index) ^ 1, index);
    expect(() => keyring.open('artifact-seal', 'row', `${head}.${altered.toString('base64url')}`)).toThrow();
  }
});

test('a value that was cut is refused, down to a shorter tag', () => {
  const { head, bytes } = takenApart(keyring.seal('artifact-seal', 'row', 'hello'));
  for (let length = 0; length < bytes.length; length++) {
    const cut = `${head}.${bytes.subarray(0, length).toString('base64url')}`;
    expect(() => keyring.open('artifact-seal', 'row', cut), String(length)).toThrow();
  }
});

test.each(['', 'hello', 'v1', 'v1.', 'v2.AAAA', 'v2..AAAA', 'v2.A B.AAAA', 'v3.0.AAAA', '.AAAA', '{"plain":true}'])(
  '%j was never sealed',
  (text) => {
    expect(() => keyring.open('artifact-seal', 'row', text)).toThrow();
  },
);

test('digests are the same each time, and differ by purpose, key and parts', () => {
  const digest = keyring.digest('artifact-lookup', 'a', 'b');
  expect(digest).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(createKeyring(key).digest('artifact-lookup', 'a', 'b')).toBe(digest);
  const others = [
    ...purposes.slice(1).map((purpose) => keyring.digest(purpose, 'a', 'b')),
    createKeyring(randomBytes(32)).digest('artifact-lookup', 'a', 'b'),
    keyring.digest('artifact-lookup', 'b', 'a'),
  ];
  expect(new Set([digest, ...others]).size).toBe(others.length + 1);
});

test('parts cannot flow into one another', () => {
  const parts = [
    ['ab', ''],
    ['a', 'b'],
    ['', 'ab'],
    ['ab'],
    ['a;1:b'],
    ['a', '', 'b'],
    ['1:a;1:b;'],
    ['ü'],
    ['u\u0308'],
  ];
  const digests = parts.map((words) => keyring.digest('artifact-lookup', ...words));
  expect(new Set(digests).size).toBe(parts.length);
});

test('each purpose has 32 bytes of its own, none of them the key itself', () => {
  const all = purposes.map((purpose) => keyring.bytes(purpose).toString('hex'));
  expect(new Set([...all, key.toString('hex')]).size).toBe(purposes.length + 1);
  for (const bytes of all) expect(bytes).toHaveLength(64);
});

test.each([0, 16, 31, 33, 64])('a key of %i bytes is no key', (length) => {
  expect(() => createKeyring(randomBytes(length))).toThrow(TypeError);
});
