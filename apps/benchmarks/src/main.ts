/**
 * `npm run bench`: starts the servers, lets them take turns, and prints how ours compares. What is measured is in
 * `scenarios/`, against whom in `contenders/`; whether a number is good enough is for people to say.
 */
import { readBenchOptions, usage } from './bench-options.ts';
import { openField } from './contenders/contenders.ts';
import { separateCores } from './contenders/cores.ts';
import { UnexpectedAnswers } from './load/measurement.ts';
import { profileScenario } from './profile/profile-run.ts';
import { findingsOf } from './report/findings.ts';
import { textReport } from './report/text-report.ts';
import { runRounds } from './rounds.ts';

// NOTE: what a person watches is not part of the report.
const tell = (text: string) => {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
};

// NOTE: what was started is cleared away when the process ends, so a signal must be an end like any other.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

async function bench(): Promise<void> {
  const options = readBenchOptions(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(usage);
    return;
  }
  const { rounds, seconds, connections, scenarios, profile, json } = options;
  const cores = separateCores();
  const pinning = cores
    ? 'the server on one core, the load generator on another'
    : 'NOT PINNED: taskset or a second core is missing, so the load generator disturbs the servers';
  if (profile) {
    const report = await profileScenario({ ...options, scenario: profile, cores });
    process.stdout.write(`${profile.title}, ${pinning}\n\n${report}\n`);
    return;
  }

  await using field = await openField({ ...options, cores, onStart: (name) => tell(`starting: ${name}`) });
  const series = await runRounds({
    contenders: [field.bare, ...field.ours],
    scenarios,
    rounds,
    seconds,
    onMeasure: (round, { title }, { name }) => tell(`round ${round} of ${rounds}: ${title}, ${name}`),
  });
  tell('');
  const findings = findingsOf(series, field.bare, field.ours);
  if (json) {
    const conditions = { node: process.version, pinned: cores !== undefined, rounds, seconds, connections };
    process.stdout.write(`${JSON.stringify({ ...conditions, findings }, null, 2)}\n`);
    return;
  }
  const times = `${rounds} rounds of ${seconds} s, ${connections} connections, Node ${process.version}; ${pinning}`;
  process.stdout.write(
    `${times}\nRatios, ours to bare oidc-provider: min, median and max of the speeds; by core, the median of the core time for a unit\n\n${textReport(findings)}\n`,
  );
}

try {
  await bench();
} catch (error) {
  const expected = error instanceof UnexpectedAnswers || error instanceof TypeError;
  process.stderr.write(`\n${expected ? (error as Error).message : (error as Error).stack}\n`);
  process.exitCode = 1;
}
