/** What our authorization server costs beside the engine that it is built on. */
import type { BenchOptions } from './bench-options.ts';
import { openField } from './contenders/contenders.ts';
import type { Cores } from './contenders/cores.ts';
import { type Finding, findingsOf } from './report/findings.ts';
import { runRounds } from './rounds.ts';

export async function benchServer(
  options: BenchOptions,
  cores: Cores | undefined,
  tell: (text: string) => void,
): Promise<Finding[]> {
  const { rounds, seconds, scenarios } = options;
  await using field = await openField({ ...options, cores, onStart: (name) => tell(`starting: ${name}`) });
  const series = await runRounds({
    contenders: [field.bare, ...field.ours],
    scenarios,
    rounds,
    seconds,
    onMeasure: (round, { title }, { name }) => tell(`round ${round} of ${rounds}: ${title}, ${name}`),
  });
  return findingsOf(series, field.bare, field.ours);
}
