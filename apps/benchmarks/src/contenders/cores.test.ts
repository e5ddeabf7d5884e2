import { expect, test } from 'vitest';
import { coresIn } from './cores.ts';

test.each([
  ['0', [0]],
  [' 0,1\n', [0, 1]],
  ['0-3', [0, 1, 2, 3]],
  ['1,4-5', [1, 4, 5]],
  ['', []],
])('%j names cores', (list, cores) => {
  expect(coresIn(list)).toEqual(cores);
});
