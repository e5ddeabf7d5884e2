import { expect, test } from 'vitest';
import { readTraceState } from './trace-state.ts';

test.each([
  ['rojo=00f067aa0ba902b7', 'rojo=00f067aa0ba902b7'],
  ['rojo=1 , congo=t61rcWkgMzE', 'rojo=1,congo=t61rcWkgMzE'],
  ['a=1,,b=2,', 'a=1,b=2'],
  ['fw529a3039@dt=FfAAEA;;8;', 'fw529a3039@dt=FfAAEA;;8;'],
  ['0tenant@system=1,a_-*/=1', '0tenant@system=1,a_-*/=1'],
  [`a=${'x'.repeat(256)}`, `a=${'x'.repeat(256)}`],
])('"%s" goes on as "%s"', (header, kept) => {
  expect(readTraceState(header)).toBe(kept);
});

test('only blanks and tabs around a member are taken away', () => {
  expect(readTraceState('\t a=1 \t,\t\tb=2')).toBe('a=1,b=2');
  expect(readTraceState('a=1\u00a0')).toBeUndefined();
});

test.each(['', ' , ', 'a', 'a=', '=1', 'A=1', '1a=1', 'a=1,a=2', 'a=b=c', 'a=\u00e9', 'a@b@c=1', 'a=1 =', 'ab@1c=1'])(
  '"%s" is dropped as a whole',
  (header) => {
    expect(readTraceState(header)).toBeUndefined();
  },
);

test('keys and values have their longest', () => {
  expect(readTraceState(`${'k'.repeat(256)}=1`)).toBeDefined();
  expect(readTraceState(`${'k'.repeat(257)}=1`)).toBeUndefined();
  expect(readTraceState(`a=${'x'.repeat(257)}`)).toBeUndefined();
});

test('32 members go on, 33 do not', () => {
  const members = (count: number) => Array.from({ length: count }, (_, index) => `k${index}=1`).join(',');
  expect(readTraceState(members(32))).toBe(members(32));
  expect(readTraceState(members(33))).toBeUndefined();
});

test('beyond 512 characters long members go first, then those at the end', () => {
  const long = `long=${'x'.repeat(200)}`;
  const short = Array.from({ length: 10 }, (_, index) => `k${index}=${'x'.repeat(60)}`);
  expect(readTraceState([long, ...short].join(','))).toBe(short.slice(0, 8).join(','));
  expect(readTraceState([short[0], `${long}${'y'.repeat(40)}`, `other=${'x'.repeat(250)}`].join(','))).toBe(short[0]);
});

test('4,096 characters are read, more are not', () => {
  const long = (blanks: number) => `a=1,${' '.repeat(blanks)}b=2`;
  expect(readTraceState(long(4_096 - 7))).toBe('a=1,b=2');
  expect(readTraceState(long(4_096 - 6))).toBeUndefined();
});

test.each([' ', '\t', ',', ' ,', 'a', '=', 'a@', 'a='])('all that a header holds of "%s" takes no time', (part) => {
  const started = performance.now();
  for (const length of [4_090, 16_000]) {
    const header = part.repeat(Math.floor(length / part.length));
    for (let round = 0; round < 50; round++) readTraceState(`a=1${header}b=2`);
  }
  expect(performance.now() - started).toBeLessThan(500);
});
