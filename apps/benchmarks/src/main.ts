/**
 * `npm run bench`: starts the servers, lets them take turns, and prints how ours compares. What is measured is in
 * `scenarios/` and `kit/`, against whom in `contenders/` and `kit/`; whether a number is good enough is for people to say.
 */
import { readBenchOptions, usage } from './bench-options.ts';
import { separateCores } from './contenders/cores.ts';
import { benchKit } from './kit/kit-bench.ts';
import { kitReport } from './kit/kit-report.ts';
import { UnexpectedAnswers } from './load/measurement.ts';
import { profileScenario } from './profile/profile-run.ts';
import { textReport } from './report/text-report.ts';
import { benchServer } from './server-bench.ts';

// NOTE: what a person watches is not part of the report.
const tell = (text: string) => {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
};

// NOTE: what was started is cleared away when the process ends, so a signal must be an end like any other.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

const serverLegend =
  'Ratios, ours to bare oidc-provider: min, median and max of the speeds; by core, the median of the core time for a unit';
const kitLegend =
  'Ratios, guarded to unguarded, min / median / max: of the speeds, and of the core time for an answer, which decides;\n' +
  'peer by core: the kit to what stands there otherwise, in the same way';

async function bench(): Promise<void> {
  const options = readBenchOptions(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(usage);
    return;
  }
  const { rounds, seconds, kitSeconds, connections, scenarios, kitScenarios, profile, json } = options;
  const cores = separateCores();
  const pinning = cores
    ? 'the server on one core, the load generator on another'
    : 'NOT PINNED: taskset or a second core is missing, so the load generator disturbs the servers';
  if (profile) {
    const report = await profileScenario({ ...options, scenario: profile, cores });
    process.stdout.write(`${profile.title}, ${pinning}\n\n${report}\n`);
    return;
  }

  const findings = scenarios.length > 0 ? await benchServer(options, cores, tell) : [];
  const kit =
    kitScenarios.length > 0
      ? await benchKit({ ...options, scenarios: kitScenarios, seconds: kitSeconds, cores, tell })
      : [];
  tell('');
  if (json) {
    const conditions = { node: process.version, pinned: cores !== undefined, rounds, seconds, kitSeconds, connections };
    process.stdout.write(`${JSON.stringify({ ...conditions, findings, kit }, null, 2)}\n`);
    return;
  }
  const times = (each: number) =>
    `${rounds} rounds of ${each} s, ${connections} connections, Node ${process.version}; ${pinning}`;
  if (findings.length > 0) process.stdout.write(`${times(seconds)}\n${serverLegend}\n\n${textReport(findings)}\n\n`);
  if (kit.length > 0) process.stdout.write(`The kit: ${times(kitSeconds)}\n${kitLegend}\n\n${kitReport(kit)}\n`);
}

try {
  await bench();
} catch (error) {
  const expected = error instanceof UnexpectedAnswers || error instanceof TypeError;
  process.stderr.write(`\n${expected ? (error as Error).message : (error as Error).stack}\n`);
  process.exitCode = 1;
}
