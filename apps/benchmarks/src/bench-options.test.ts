import { expect, test } from 'vitest';
import { readBenchOptions } from './bench-options.ts';

test('without options: five rounds of three seconds with sixteen connections, everything, on SQLite', () => {
  expect(readBenchOptions([])).toMatchObject({ rounds: 5, seconds: 3, connections: 16, postgres: false, stored: 0 });
});

test('scenarios are chosen by name', () => {
  const options = readBenchOptions(['--scenario', 'refresh,jwks', '--profile', 'discovery']);
  expect(options).toMatchObject({ scenarios: [{ name: 'refresh' }, { name: 'jwks' }], profile: { name: 'discovery' } });
});

test.each([
  [['--scenario', 'refersh'], /refersh/],
  [['--rounds', '0'], /--rounds/],
  [['--seconds', 'soon'], /--seconds/],
  [['--fast'], /--fast/],
])('%j is refused with what is wrong', (args, message) => {
  expect(() => readBenchOptions(args)).toThrow(message);
});
