import { expect, test } from 'vitest';
import { ratios, summarize } from './statistics.ts';

test.each([
  [[2], { min: 2, median: 2, max: 2 }],
  [[3, 1, 2], { min: 1, median: 2, max: 3 }],
  [[10, 9, 100, 2], { min: 2, median: 9.5, max: 100 }],
])('%j in three numbers', (values, summary) => {
  expect(summarize(values)).toEqual(summary);
});

test('nothing has no middle', () => {
  expect(() => summarize([])).toThrow(RangeError);
});

test('each round is compared with its own base', () => {
  expect(ratios([10, 30], [20, 10])).toEqual([0.5, 3]);
});
