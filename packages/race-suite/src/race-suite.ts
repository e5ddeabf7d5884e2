import { type Course, openCourse } from './course.ts';
import { type Finding, findingOf, type Round, reasonOf, untried } from './finding.ts';
import type { RaceOptions } from './race-options.ts';
import { type RaceReport, verdictOf } from './race-report.ts';
import { nothing } from './showing.ts';
import type { Trial } from './trials/trial.ts';
import { trialNames } from './trials/trial-names.ts';
import { trials } from './trials/trials.ts';

/**
 * Races at a server and reports what held. It asks for codes in a session that says yes to everything, spends and
 * revokes what it gets, and leaves nothing behind but used-up grants.
 *
 * @throws {RaceFailure} when it cannot run: no metadata, a client or session that is refused
 */
export async function runRaceSuite(options: RaceOptions): Promise<RaceReport> {
  const start = performance.now();
  const course = await openCourse(options);
  const findings: Finding[] = [];
  for (const name of trialNames.filter((each) => options.only?.includes(each) ?? true)) {
    options.onTrial?.(name);
    findings.push(...(await runTrial(trials[name], course)));
  }
  const seconds = (performance.now() - start) / 1000;
  const { requests } = course.traffic;
  return {
    issuer: course.metadata.issuer,
    clientId: options.client.id,
    rounds: options.rounds,
    parallel: options.parallel,
    grace: options.grace,
    verdict: verdictOf(findings),
    findings,
    requests,
    seconds: Math.round(seconds * 100) / 100,
    requestsPerSecond: Math.round(requests / Math.max(0.001, seconds - course.waited)),
  };
}

async function runTrial(trial: Trial, course: Course): Promise<Finding[]> {
  const rules = trial.rules(course);
  const unfit = trial.unfit?.(course);
  if (unfit) return rules.map((rule) => untried(trial.name, rule, unfit.verdict, unfit.because));
  const rounds: Round[] = [];
  try {
    for (const round of await trial.plan(course)) rounds.push(await round().catch(silent));
  } catch (error) {
    const because = reasonOf(error);
    return rules.map((rule) => untried(trial.name, rule, 'could not tell', because));
  }
  return rules.map((rule, index) =>
    findingOf(
      trial.name,
      rule,
      rounds.map((round) => round[index]).filter((each) => each !== undefined),
    ),
  );

  function silent(error: unknown): Round {
    const showing = nothing(reasonOf(error));
    return rules.map(() => ({ showing, answers: {} }));
  }
}
