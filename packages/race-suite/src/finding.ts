import { RaceFailure } from './race-failure.ts';
import type { Showing } from './showing.ts';

export type Verdict = 'held' | 'did not hold' | 'could not tell' | 'skipped';

/** What is asked of a server, and who says so. */
export interface Rule {
  readonly says: string;
  /** The section of the specification, such as `RFC 6749 §4.1.2`. */
  readonly from: string;
  /** `should` where the specification only recommends it. */
  readonly level: 'must' | 'should';
}

/** What one round saw of one rule: what it shows, and the answers that say so, by kind. */
export interface Observation {
  readonly showing: Showing;
  readonly answers: Readonly<Record<string, number>>;
}

/** The observations of one round, in the order of the trial's rules. */
export type Round = readonly Observation[];

export interface Finding extends Rule {
  readonly trial: string;
  readonly verdict: Verdict;
  readonly rounds: { readonly held: number; readonly broken: number; readonly nothing: number };
  readonly answers: Readonly<Record<string, number>>;
  /** The first of the rounds in which it did not hold, secrets shortened. */
  readonly counterexamples: readonly string[];
  /** Why it was skipped, or why rounds told nothing. */
  readonly because: string | undefined;
}

const shownCounterexamples = 3;

/** One round that breaks a rule is enough; silence proves nothing. */
export function findingOf(trial: string, rule: Rule, observations: readonly Observation[]): Finding {
  const showings = observations.map(({ showing }) => showing);
  const count = (kind: Showing['kind']) => showings.filter((showing) => showing.kind === kind).length;
  const rounds = { held: count('held'), broken: count('broken'), nothing: count('nothing') };
  const counterexamples = showings.flatMap((showing, index) =>
    showing.kind === 'broken' ? [`round ${index + 1}: ${showing.how}`] : [],
  );
  return {
    trial,
    ...rule,
    verdict: rounds.broken > 0 ? 'did not hold' : rounds.held > 0 ? 'held' : 'could not tell',
    rounds,
    answers: sumOf(observations.map(({ answers }) => answers)),
    counterexamples: counterexamples.slice(0, shownCounterexamples),
    because: showings.find((showing) => showing.kind === 'nothing')?.why,
  };
}

/** A rule about which nothing was tried. */
export function untried(trial: string, rule: Rule, verdict: 'skipped' | 'could not tell', because: string): Finding {
  const rounds = { held: 0, broken: 0, nothing: 0 };
  return { trial, ...rule, verdict, rounds, answers: {}, counterexamples: [], because };
}

/** A round that could not be run shows nothing; anything but a failure of the race is our own mistake, and thrown on. */
export function reasonOf(error: unknown): string {
  if (error instanceof RaceFailure) return error.message;
  throw error;
}

function sumOf(tallies: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const [kind, count] of tallies.flatMap((each) => Object.entries(each))) sum[kind] = (sum[kind] ?? 0) + count;
  return sum;
}
