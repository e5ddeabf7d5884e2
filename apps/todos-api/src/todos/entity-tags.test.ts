import { expect, test } from 'vitest';
import { preconditionOf, readEntityTags } from './entity-tags.ts';

const strong = (value: string) => ({ weak: false, value });
const weak = (value: string) => ({ weak: true, value });

test.each([
  ['*', 'any'],
  [' * ', 'any'],
  ['"a"', [strong('a')]],
  ['W/"a"', [weak('a')]],
  ['"a","b"', [strong('a'), strong('b')]],
  [' "a" , W/"b",\t"c" ', [strong('a'), weak('b'), strong('c')]],
  [',,"a",, "b",', [strong('a'), strong('b')]],
  ['"a,b"', [strong('a,b')]],
  ['""', [strong('')]],
  ['"W/a"', [strong('W/a')]],
  ['"\xE9"', [strong('\xE9')]],
  ['', []],
  [' ', []],
] as const)('%j is read as it is written', (header, tags) => {
  expect(readEntityTags(header)).toEqual(tags);
});

test.each(['a', '"a', 'a"', '"a" "b"', '"a"b', 'w/"a"', 'W/a', '"a b"', '"a", b', '*, "a"', '"a",*', "'a'", '"a";"b"'])(
  '%j names nothing',
  (header) => {
    expect(readEntityTags(header)).toEqual([]);
  },
);

test('a long header takes no long time', () => {
  const started = performance.now();
  for (const part of [' ', ',', '"', 'W/', '\t,', '"a" ']) {
    const header = part.repeat(Math.floor(16_000 / part.length));
    for (const end of ['', 'x', '"', '"a"x']) readEntityTags(`${header}${end}`);
  }
  expect(performance.now() - started).toBeLessThan(200);
});

test('If-Match compares strongly, If-None-Match weakly, and without them nothing is asked', () => {
  expect(preconditionOf({ headers: {} })).toBeUndefined();
  expect(preconditionOf({ headers: { 'if-match': '*' } })).toEqual({});
  expect(preconditionOf({ headers: { 'if-match': 'W/"a", "b"' } })).toEqual({ oneOf: ['b'] });
  expect(preconditionOf({ headers: { 'if-none-match': 'W/"a", "b"' } })).toEqual({ noneOf: ['a', 'b'] });
  expect(preconditionOf({ headers: { 'if-none-match': '*' } })).toEqual({ noneOf: 'any' });
});
