/**
 * What the kit costs an API, and what its peers cost it: in each framework the same answer behind nothing, behind the kit
 * and behind the peer. Frameworks are measured one after the other, since none is compared with another.
 */
import type { Cores } from '../contenders/cores.ts';
import { runRounds } from '../rounds.ts';
import type { Framework } from './guard-task.ts';
import { guardsFor, type KitContender, startContender } from './kit-contender.ts';
import { type KitFinding, kitFindings } from './kit-findings.ts';
import { startKitIssuer } from './kit-issuer.ts';
import { crowds, type KitScenario, kitScenario } from './kit-scenarios.ts';

export interface KitBenchOptions {
  readonly frameworks: readonly Framework[];
  /** Names of crowds. */
  readonly scenarios: readonly string[];
  readonly rounds: number;
  readonly seconds: number;
  readonly connections: number;
  readonly cores: Cores | undefined;
  readonly tell: (text: string) => void;
}

export async function benchKit(options: KitBenchOptions): Promise<KitFinding[]> {
  const { frameworks, rounds, seconds, connections, cores, tell } = options;
  await using issuer = await startKitIssuer();
  const chosen = crowds.filter(({ name }) => options.scenarios.includes(name));
  const scenarios: KitScenario[] = await Promise.all(chosen.map((crowd) => kitScenario(crowd, issuer)));
  const findings: KitFinding[] = [];
  for (const framework of frameworks) {
    await using started = new AsyncDisposableStack();
    const contenders: KitContender[] = [];
    for (const guard of guardsFor[framework]) {
      tell(`starting: ${framework}, ${guard}`);
      const contender = await startContender({ framework, guard, issuer, cores }, connections);
      started.use(contender.server);
      contenders.push(contender);
    }
    const series = await runRounds({
      contenders,
      scenarios,
      rounds,
      seconds,
      onMeasure: (round, { title }, { name }) => tell(`round ${round} of ${rounds}: ${title}, ${name}`),
    });
    findings.push(...kitFindings(framework, series, contenders));
  }
  return findings;
}
