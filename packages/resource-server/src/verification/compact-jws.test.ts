import { expect, test } from 'vitest';
import { isCompactJws } from './compact-jws.ts';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

test.each([1, 2, 3, 32, 64, 256, 257])('S12: of a signature of %i bytes one spelling counts', (length) => {
  const signature = Buffer.alloc(length, 0xab).toString('base64url');
  const spellings = [...alphabet].map((last) => signature.slice(0, -1) + last);
  const same = spellings.filter((spelling) => Buffer.from(spelling, 'base64url').equals(Buffer.alloc(length, 0xab)));
  expect(isCompactJws(`a.b.${signature}`)).toBe(true);
  for (const other of same.filter((spelling) => spelling !== signature))
    expect(isCompactJws(`a.b.${other}`)).toBe(false);
  for (const other of [`${signature}=`, `${signature}\n`, ` ${signature}`, `${signature}+`, `${signature}.`])
    expect(isCompactJws(`a.b.${other}`)).toBe(false);
});

test.each(['', 'a', 'a.b', 'a.b.', '.b.AA', 'a..AA', 'a.b.A', 'a.b.AA.AA', 'a.b.AAAAA', 'é.b.AA'])(
  '"%s" is none',
  (text) => {
    expect(isCompactJws(text)).toBe(false);
  },
);
