import type { Finding, Verdict } from './finding.ts';

export interface RaceReport {
  readonly issuer: string;
  readonly clientId: string;
  readonly rounds: number;
  readonly parallel: number;
  /** Seconds. */
  readonly grace: number;
  readonly verdict: Exclude<Verdict, 'skipped'>;
  readonly findings: readonly Finding[];
  readonly requests: number;
  readonly seconds: number;
  /** Over the time that was not spent waiting on purpose. */
  readonly requestsPerSecond: number;
}

/**
 * What the whole comes to. What a specification only recommends does not count, and a rule that must hold counts as
 * proven only when something was seen of it.
 */
export function verdictOf(findings: readonly Finding[]): RaceReport['verdict'] {
  const required = findings.filter(({ level }) => level === 'must');
  if (required.some(({ verdict }) => verdict === 'did not hold')) return 'did not hold';
  if (required.some(({ verdict }) => verdict === 'could not tell')) return 'could not tell';
  return findings.some(({ verdict }) => verdict === 'held') ? 'held' : 'could not tell';
}
