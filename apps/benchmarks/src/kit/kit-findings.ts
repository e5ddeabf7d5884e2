import type { Measurement } from '../load/measurement.ts';
import { ratios, type Summary, summarize } from '../report/statistics.ts';
import type { Series } from '../rounds.ts';
import type { Framework, GuardKind } from './guard-task.ts';
import type { GuardedServer, KitContender } from './kit-contender.ts';

export interface KitFinding {
  readonly framework: Framework;
  readonly scenario: string;
  readonly title: string;
  readonly guard: GuardKind;
  /** Answers each second, without a guard and with this one: the medians. */
  readonly unguardedPerSecond: number;
  readonly perSecond: number;
  readonly toUnguarded: Summary;
  /** The same of the core time for an answer; of the speeds where the system does not tell. It decides about the aim. */
  readonly byCore: Summary;
  /** By core, to what stands in the framework otherwise, each without a memory for tokens. */
  readonly toPeer?: Summary;
  readonly aim?: string;
  readonly reached?: boolean;
}

/** Guarded ÷ unguarded that the kit is to reach where it has seen the token before. */
const warmAim = 0.85;

export function kitFindings(
  framework: Framework,
  series: Series<GuardedServer, number>,
  contenders: readonly KitContender[],
): KitFinding[] {
  const withGuard = (guard: GuardKind) => contenders.find((each) => each.guard === guard);
  return [...series].flatMap(([{ name, title }, measured]) => {
    const of = (guard: GuardKind) => measured.get(withGuard(guard) as KitContender) ?? [];
    const unguarded = of('none');
    return contenders.slice(1).map(({ guard }): KitFinding => {
      const own = of(guard);
      const byCore = summarize(ratios(costs(unguarded), costs(own)));
      const toPeer =
        guard === 'kit' && withGuard('peer') ? summarize(ratios(costs(of('peer')), costs(own))) : undefined;
      return {
        framework,
        scenario: name,
        title,
        guard,
        unguardedPerSecond: summarize(speeds(unguarded)).median,
        perSecond: summarize(speeds(own)).median,
        toUnguarded: summarize(ratios(speeds(own), speeds(unguarded))),
        byCore,
        ...(toPeer && { toPeer, aim: 'ahead of the peer', reached: toPeer.median > 1 }),
        ...(guard === 'kit with cache' && { aim: `${warmAim}`, reached: byCore.median >= warmAim }),
      };
    });
  });
}

function speeds(measured: readonly Measurement[]): number[] {
  return measured.map(({ perSecond }) => perSecond);
}

function costs(measured: readonly Measurement[]): number[] {
  return measured.map(({ cpuPerUnit, perSecond }) => cpuPerUnit ?? 1 / perSecond);
}
