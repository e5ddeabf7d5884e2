import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempDisposableSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { raceProcesses } from '../testing/racing-processes.ts';
import { parseKey, readOrCreateKeyFile } from './key-file.ts';

function startFolder() {
  const folder = mkdtempDisposableSync(join(tmpdir(), 'latchkey-'));
  return { path: folder.path, file: join(folder.path, 'data', 'key'), [Symbol.dispose]: () => folder.remove() };
}

test('the first start makes the key, and every later one reads it', () => {
  using folder = startFolder();
  const key = readOrCreateKeyFile(folder.file);
  expect(key).toHaveLength(32);
  expect(readOrCreateKeyFile(folder.file)).toEqual(key);
  expect(readdirSync(join(folder.path, 'data'))).toEqual(['key']);
});

test('it is readable by its owner alone, and so is its folder', () => {
  using folder = startFolder();
  readOrCreateKeyFile(folder.file);
  expect(statSync(folder.file).mode & 0o777).toBe(0o600);
  expect(statSync(join(folder.path, 'data')).mode & 0o777).toBe(0o700);
});

test('a key that was put there is taken as it is', () => {
  using folder = startFolder();
  const key = randomBytes(32);
  mkdirSync(join(folder.path, 'data'));
  writeFileSync(folder.file, `${key.toString('base64url')}\n`);
  expect(readOrCreateKeyFile(folder.file)).toEqual(key);
});

test.each([
  ['empty', ''],
  ['cut', randomBytes(31).toString('base64url')],
  ['longer', randomBytes(33).toString('base64url')],
  ['in hexadecimal', randomBytes(32).toString('hex')],
  ['with strange characters between', `${randomBytes(32).toString('base64url')}\u0000\u0007`],
])('a file that is %s is refused, and never overwritten: all data hangs on it', (_, text) => {
  using folder = startFolder();
  mkdirSync(join(folder.path, 'data'));
  writeFileSync(folder.file, text);
  expect(() => readOrCreateKeyFile(folder.file)).toThrow('does not hold a 32-byte key in base64url');
  expect(readFileSync(folder.file, 'utf8')).toBe(text);
});

test('a folder in its place is an error, not a reason for another key', () => {
  using folder = startFolder();
  mkdirSync(folder.file, { recursive: true });
  expect(() => readOrCreateKeyFile(folder.file)).toThrow('EISDIR');
});

test('of programs that start at once all end with the same key, and leave no draft', async () => {
  using folder = startFolder();
  const rounds = Array.from({ length: 100 }, (_, index) => join(folder.path, String(index), 'key'));
  const script = new URL('../testing/key-making-process.ts', import.meta.url);
  const [one, two] = await raceProcesses<string[]>(script, JSON.stringify(rounds));
  expect(one).toEqual(two);
  expect(new Set(one).size).toBe(rounds.length);
  for (const path of rounds) {
    expect(readOrCreateKeyFile(path).toString('base64url')).toBe(one?.[rounds.indexOf(path)]);
    expect(readdirSync(join(path, '..'))).toEqual(['key']);
  }
});

test('a key may come from any tool that writes base64', () => {
  const key = Buffer.alloc(32, 0xfb);
  expect(parseKey(key.toString('base64'))).toEqual(key);
  expect(parseKey(` ${key.toString('base64url')}\n`)).toEqual(key);
  for (const text of ['', key.toString('hex'), `${key.toString('base64url')}!`, 'a'.repeat(42), 'a'.repeat(44)]) {
    expect(parseKey(text), text).toBeUndefined();
  }
});
