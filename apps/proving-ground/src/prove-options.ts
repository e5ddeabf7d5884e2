import { parseArgs } from 'node:util';

export interface ProveOptions {
  readonly trial: (typeof trialNames)[number];
  readonly engine: 'sqlite' | 'postgres';
  readonly replicas: number;
  readonly rounds: number;
  readonly parallel: number;
  readonly victim: 'server' | 'postgres';
  readonly artifacts: number;
  readonly plot: string | undefined;
  readonly minutes: number;
  readonly count: number;
  readonly seed: number;
}

const trialNames = ['races', 'after-grace', 'crashes', 'soak', 'key-outage', 'client-refresh', 'fuzz'] as const;

export const usage = `npm run prove -- TRIAL [options]

  races           codes and refresh tokens, each used many times at once
  after-grace     spent refresh tokens that come back when their grace is over
  crashes         kill -9 under load: what was received holds, what was spent stays spent
  soak            issue and forget: the file stays as large as what is alive (SQLite)
  key-outage      the API under load while its authorization server is away
  client-refresh  the demo client, twice, with many calls and one expired token (--parallel 32)
  fuzz            broken credentials, tokens and proofs: none passes, none breaks the API

  --engine sqlite|postgres    what the servers keep their data in (sqlite)
  --replicas N                servers that share it (1)
  --rounds N                  rounds, or crashes (100)
  --parallel N                uses at once (50)
  --victim server|postgres    what crashes (server)
  --artifacts N               how many the soak issues (1000000)
  --plot FILE                 where the soak draws its picture, as SVG
  --minutes N                 how long the authorization server is away (10)
  --count N                   mutants in all (1000000)
  --seed N                    where the mutants begin: the same ones each time (1)`;

/** @returns the options; or what is wrong with them, empty when help was asked for */
export function readProveOptions(args: readonly string[]): ProveOptions | string {
  try {
    const { positionals, values } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', default: false },
        engine: { type: 'string', default: 'sqlite' },
        replicas: { type: 'string', default: '1' },
        rounds: { type: 'string', default: '100' },
        parallel: { type: 'string', default: '50' },
        victim: { type: 'string', default: 'server' },
        artifacts: { type: 'string', default: '1000000' },
        plot: { type: 'string' },
        minutes: { type: 'string', default: '10' },
        count: { type: 'string', default: '1000000' },
        seed: { type: 'string', default: '1' },
      },
    });
    if (values.help) return '';
    const [trial, ...more] = positionals;
    if (more.length > 0) return `One trial at a time, not ${positionals.join(' and ')}.`;
    return {
      trial: oneOf(trialNames, trial ?? '', 'TRIAL'),
      engine: oneOf(['sqlite', 'postgres'], values.engine, '--engine'),
      victim: oneOf(['server', 'postgres'], values.victim, '--victim'),
      replicas: wholeNumber(values.replicas, '--replicas'),
      rounds: wholeNumber(values.rounds, '--rounds'),
      parallel: wholeNumber(values.parallel, '--parallel'),
      artifacts: wholeNumber(values.artifacts, '--artifacts'),
      plot: values.plot,
      minutes: wholeNumber(values.minutes, '--minutes'),
      count: wholeNumber(values.count, '--count'),
      seed: wholeNumber(values.seed, '--seed'),
    };
  } catch (error) {
    return (error as Error).message;
  }
}

function oneOf<Name extends string>(names: readonly Name[], value: string, option: string): Name {
  const known = names.find((name) => name === value);
  if (known === undefined) throw new TypeError(`${option} must be one of ${names.join(', ')}, not "${value}".`);
  return known;
}

function wholeNumber(value: string, option: string): number {
  if (!/^[1-9]\d{0,8}$/.test(value)) throw new TypeError(`${option} must be a whole number from 1, not "${value}".`);
  return Number(value);
}
