import type { Contender } from '../contenders/contender.ts';
import type { Measurement } from '../load/measurement.ts';
import type { Series } from '../rounds.ts';
import { ratios, type Summary, summarize } from './statistics.ts';

export interface Finding {
  readonly scenario: string;
  readonly title: string;
  readonly contender: string;
  /** Units each second, of the bare server and of this one: the medians. */
  readonly barePerSecond: number;
  readonly perSecond: number;
  readonly toBare: Summary;
  /** How much more of a core the bare server takes for a unit. Undefined where the system does not tell. */
  readonly cpuToBare?: Summary;
  /** Of one that is full, to the same that is empty. */
  readonly toEmpty?: Summary;
  readonly aim?: number;
  readonly reached?: boolean;
}

/** @param ours the first of them is the one that the others of its kind are compared with */
export function findingsOf(series: Series, bare: Contender, ours: readonly Contender[]): Finding[] {
  const [empty] = ours;
  return [...series].flatMap(([{ name, title, aim }, measured]) => {
    const of = (contender: Contender | undefined) => (contender && measured.get(contender)) ?? [];
    const speeds = (contender: Contender | undefined) => of(contender).map(({ perSecond }) => perSecond);
    return ours.map((contender): Finding => {
      const toBare = summarize(ratios(speeds(contender), speeds(bare)));
      const cpuToBare = ratios(costs(of(bare)), costs(of(contender)));
      return {
        scenario: name,
        title,
        contender: contender.name,
        barePerSecond: summarize(speeds(bare)).median,
        perSecond: summarize(speeds(contender)).median,
        toBare,
        ...(cpuToBare.some(Number.isNaN) ? {} : { cpuToBare: summarize(cpuToBare) }),
        ...(contender.isFilled ? { toEmpty: summarize(ratios(speeds(contender), speeds(empty))) } : {}),
        ...(aim === undefined ? {} : { aim, reached: toBare.median >= aim }),
      };
    });
  });
}

function costs(measured: readonly Measurement[]): number[] {
  return measured.map(({ cpuPerUnit }) => cpuPerUnit ?? Number.NaN);
}
