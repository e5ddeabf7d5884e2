import { parseArgs } from 'node:util';
import type { Scenario } from './scenarios/scenario.ts';
import { scenarios as all } from './scenarios/scenarios.ts';

export interface BenchOptions {
  readonly rounds: number;
  /** Of each measurement. */
  readonly seconds: number;
  readonly connections: number;
  readonly scenarios: readonly Scenario[];
  readonly postgres: boolean;
  /** Grants in a second SQLite; 0 for no second one. */
  readonly stored: number;
  readonly profile: Scenario | undefined;
  readonly json: boolean;
}

export const usage = `npm run bench -- [options]

Measures this authorization server against bare oidc-provider with a Map for a store, in one run, as ratios.

  --rounds R         rounds that count, 5 by default; one more warms up
  --seconds S        of each measurement, 3 by default
  --connections C    at once, 16 by default
  --scenario A,B     some of ${all.map(({ name }) => name).join(', ')}
  --postgres         also on a PostgreSQL that is made for it and gone afterwards
  --stored N         also on a SQLite in which N grants and refresh tokens are already
  --profile SCENARIO no comparison: where our server spends its time in this scenario
  --json             print JSON
`;

/** @throws {TypeError} saying what is wrong */
export function readBenchOptions(args: readonly string[]): BenchOptions | 'help' {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { ...text, default: '5' },
      seconds: { ...text, default: '3' },
      connections: { ...text, default: '16' },
      scenario: text,
      postgres: flag,
      stored: { ...text, default: '0' },
      profile: text,
      json: flag,
      help: flag,
    },
  });
  if (values.help) return 'help';
  return {
    rounds: numberOf('rounds', values.rounds, 1),
    seconds: numberOf('seconds', values.seconds, 0.1),
    connections: numberOf('connections', values.connections, 1),
    scenarios: values.scenario === undefined ? all : values.scenario.split(',').map(scenarioOf),
    postgres: values.postgres,
    stored: numberOf('stored', values.stored, 0),
    profile: values.profile === undefined ? undefined : scenarioOf(values.profile),
    json: values.json,
  };
}

function numberOf(name: string, value: string, least: number): number {
  const number = Number(value);
  if (!(number >= least) || !Number.isFinite(number)) throw new TypeError(`--${name} must be at least ${least}`);
  return number;
}

function scenarioOf(name: string): Scenario {
  const scenario = all.find((each) => each.name === name.trim());
  if (!scenario)
    throw new TypeError(`there is no scenario ${name}: choose of ${all.map((each) => each.name).join(', ')}`);
  return scenario;
}
