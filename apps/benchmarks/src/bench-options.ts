import { parseArgs } from 'node:util';
import { frameworks as allFrameworks, type Framework } from './kit/guard-task.ts';
import { crowds } from './kit/kit-scenarios.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { scenarios as all } from './scenarios/scenarios.ts';

export interface BenchOptions {
  readonly rounds: number;
  /** Of each measurement. */
  readonly seconds: number;
  /** Of each measurement of the kit, of which there are more. */
  readonly kitSeconds: number;
  readonly connections: number;
  /** Of the authorization server. */
  readonly scenarios: readonly Scenario[];
  /** Of the kit, by name. */
  readonly kitScenarios: readonly string[];
  readonly frameworks: readonly Framework[];
  readonly postgres: boolean;
  /** Grants in a second SQLite; 0 for no second one. */
  readonly stored: number;
  readonly profile: Scenario | undefined;
  readonly json: boolean;
}

export const usage = `npm run bench -- [options]

Measures the authorization server against bare oidc-provider with a Map for a store, then the kit against no guard and
against its peers, each in one run, as ratios.

  --rounds R         rounds that count, 5 by default; one more warms up
  --seconds S        of each measurement, 3 by default, 1 for the kit
  --connections C    at once, 16 by default
  --suite NAME       server or kit alone
  --scenario A,B     some of ${names(all)};
                     or of ${names(crowds)} (kit)
  --framework A,B    of the kit: some of ${allFrameworks.join(', ')}
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
      seconds: text,
      connections: { ...text, default: '16' },
      suite: text,
      scenario: text,
      framework: text,
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
    seconds: numberOf('seconds', values.seconds ?? '3', 0.1),
    kitSeconds: numberOf('seconds', values.seconds ?? '1', 0.1),
    connections: numberOf('connections', values.connections, 1),
    ...chosenScenarios(values.suite, values.scenario),
    frameworks: values.framework === undefined ? allFrameworks : values.framework.split(',').map(frameworkOf),
    postgres: values.postgres,
    stored: numberOf('stored', values.stored, 0),
    profile: values.profile === undefined ? undefined : chosen('scenario', all, values.profile),
    json: values.json,
  };
}

function numberOf(name: string, value: string, least: number): number {
  const number = Number(value);
  if (!(number >= least) || !Number.isFinite(number)) throw new TypeError(`--${name} must be at least ${least}`);
  return number;
}

function chosenScenarios(suite: string | undefined, list: string | undefined) {
  const [server, kit] = [all.filter(() => suite !== 'kit'), crowds.filter(() => suite !== 'server')];
  if (suite !== undefined && !['server', 'kit'].includes(suite))
    throw new TypeError(`there is no suite ${suite}: choose server or kit`);
  const asked = list?.split(',').map((name) => chosen('scenario', [...server, ...kit], name).name);
  const isAsked = ({ name }: { readonly name: string }) => asked?.includes(name) ?? true;
  return { scenarios: server.filter(isAsked), kitScenarios: kit.filter(isAsked).map(({ name }) => name) };
}

function frameworkOf(name: string): Framework {
  return chosen(
    'framework',
    allFrameworks.map((framework) => ({ name: framework })),
    name,
  ).name;
}

function chosen<Named extends { readonly name: string }>(what: string, from: readonly Named[], name: string): Named {
  const found = from.find((each) => each.name === name.trim());
  if (!found) throw new TypeError(`there is no ${what} ${name}: choose of ${names(from)}`);
  return found;
}

function names(list: readonly { readonly name: string }[]): string {
  return list.map(({ name }) => name).join(', ');
}
