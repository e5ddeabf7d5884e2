import { expect, test } from 'vitest';
import { readProveOptions } from './prove-options.ts';

test('a trial with its options', () => {
  expect(readProveOptions(['crashes', '--engine', 'postgres', '--victim', 'postgres', '--rounds', '5'])).toMatchObject({
    trial: 'crashes',
    engine: 'postgres',
    victim: 'postgres',
    rounds: 5,
    replicas: 1,
  });
});

test.each([
  [[], 'TRIAL must be one of races, after-grace, crashes, soak, key-outage, client-refresh, fuzz'],
  [['nonsense'], 'not "nonsense"'],
  [['races', 'soak'], 'One trial at a time'],
  [['races', '--rounds', '0'], '--rounds must be a whole number from 1'],
  [['races', '--engine', 'mysql'], '--engine must be one of sqlite, postgres'],
  [['races', '--nonsense'], "Unknown option '--nonsense'"],
])('%j is refused in plain words', (args, words) => {
  expect(readProveOptions(args)).toContain(words);
});

test('help is not a mistake', () => {
  expect(readProveOptions(['--help'])).toBe('');
});
