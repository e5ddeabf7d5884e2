import type { Contender } from '../contenders/contender.ts';
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
    return ours.map((contender): Finding => {
      const toBare = summarize(ratios(of(contender), of(bare)));
      const isFilled = contender.name.endsWith('stored');
      return {
        scenario: name,
        title,
        contender: contender.name,
        barePerSecond: summarize(of(bare)).median,
        perSecond: summarize(of(contender)).median,
        toBare,
        ...(isFilled ? { toEmpty: summarize(ratios(of(contender), of(empty))) } : {}),
        ...(aim === undefined ? {} : { aim, reached: toBare.median >= aim }),
      };
    });
  });
}
