import { expect, test } from 'vitest';
import { readBenchOptions } from './bench-options.ts';

test('without options: five rounds of three seconds with sixteen connections, everything, on SQLite', () => {
  expect(readBenchOptions([])).toMatchObject({ rounds: 5, seconds: 3, connections: 16, postgres: false, stored: 0 });
});

test('scenarios are chosen by name', () => {
  const options = readBenchOptions(['--scenario', 'refresh,jwks', '--profile', 'discovery']);
  expect(options).toMatchObject({ scenarios: [{ name: 'refresh' }, { name: 'jwks' }], profile: { name: 'discovery' } });
});

test('the kit is measured too, for shorter, and either alone where that is asked for', () => {
  const kit = ['one_token', 'thousand_tokens', 'thousand_rsa'];
  expect(readBenchOptions([])).toMatchObject({ kitSeconds: 1, kitScenarios: kit, frameworks: { length: 5 } });
  expect(readBenchOptions(['--suite', 'kit'])).toMatchObject({ scenarios: [], kitScenarios: kit });
  expect(readBenchOptions(['--suite', 'server'])).toMatchObject({ scenarios: { length: 8 }, kitScenarios: [] });
  const options = readBenchOptions(['--scenario', 'thousand_rsa', '--framework', 'koa,hono', '--seconds', '2']);
  expect(options).toMatchObject({
    scenarios: [],
    kitScenarios: ['thousand_rsa'],
    frameworks: ['koa', 'hono'],
    kitSeconds: 2,
  });
});

test.each([
  [['--suite', 'both'], /both/],
  [['--suite', 'kit', '--scenario', 'refresh'], /refresh/],
  [['--framework', 'hapi'], /hapi/],
  [['--scenario', 'refersh'], /refersh/],
  [['--rounds', '0'], /--rounds/],
  [['--seconds', 'soon'], /--seconds/],
  [['--fast'], /--fast/],
])('%j is refused with what is wrong', (args, message) => {
  expect(() => readBenchOptions(args)).toThrow(message);
});
