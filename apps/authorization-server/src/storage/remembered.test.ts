import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createKeyring } from '../keys/keyring.ts';
import { remembered, rememberingOpener } from './remembered.ts';

test('the same key is made once, and forgotten when there are too many', () => {
  const made: string[] = [];
  const lengthOf = remembered(2, (key) => {
    made.push(key);
    return key.length;
  });
  expect(['a', 'bb', 'a', 'bb'].map(lengthOf)).toEqual([1, 2, 1, 2]);
  expect(made).toEqual(['a', 'bb']);
  expect(lengthOf('ccc')).toBe(3);
  expect(lengthOf('a')).toBe(1);
  expect(made).toEqual(['a', 'bb', 'ccc', 'a']);
});

test('a row that is the same opens again, and not in the place of another', () => {
  const keyring = createKeyring(randomBytes(32));
  const open = rememberingOpener(keyring, 10);
  const sealed = keyring.seal('artifact-seal', 'row 1', 'hello');
  expect([open('row 1', sealed), open('row 1', sealed)]).toEqual(['hello', 'hello']);
  expect(() => open('row 2', sealed)).toThrow();
  expect(open('row 1', sealed)).toBe('hello');
});
