/** `npm run prove -- TRIAL …`: the long trials, against real processes. Their short versions run with the tests. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { textReport } from '@latchkey/race-suite';
import { runAfterGraceTrial } from './trials/after-grace-trial.ts';
import { runCrashTrial } from './trials/crash-trial.ts';
import { runRaceTrial } from './trials/race-trial.ts';
import { plotSoak } from './trials/soak-plot.ts';
import { runSoakTrial } from './trials/soak-trial.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    engine: { type: 'string', default: 'sqlite' },
    replicas: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '100' },
    parallel: { type: 'string', default: '50' },
    artifacts: { type: 'string', default: '1000000' },
    plot: { type: 'string' },
    victim: { type: 'string', default: 'server' },
  },
});
const engine = values.engine === 'postgres' ? 'postgres' : 'sqlite';
const replicas = Number(values.replicas);
const rounds = Number(values.rounds);
const parallel = Number(values.parallel);

const trials: Readonly<Record<string, () => Promise<object | string>>> = {
  races: async () => textReport(await runRaceTrial({ engine, replicas, rounds, parallel })),
  'after-grace': () => runAfterGraceTrial({ engine, replicas, rounds, parallel }),
  async soak() {
    const samples = await runSoakTrial({
      artifacts: Number(values.artifacts),
      onSample: ({ hours, issued, stored, bytes }) =>
        say(`${hours} h: ${issued} issued, ${stored} stored, ${(bytes / 1e6).toFixed(1)} MB`),
    });
    if (values.plot) writeFileSync(values.plot, plotSoak(samples));
    return { samples: samples.length, last: samples.at(-1) };
  },
  crashes: () =>
    runCrashTrial({
      engine,
      replicas,
      crashes: rounds,
      victim: values.victim === 'postgres' ? 'postgres' : 'server',
      onCrash(crash, { acknowledged, cutOff, lost, spentTwice, wrong }) {
        if (crash % 10 === 0) {
          const counts = `${acknowledged} acknowledged, ${cutOff} cut off`;
          say(
            `crash ${crash}: ${counts}, ${lost.length} lost, ${spentTwice.length} spent twice, ${wrong.length} wrong`,
          );
        }
      },
    }),
};

const trial = trials[positionals[0] ?? ''];
if (!trial) {
  say(`Say which trial: ${Object.keys(trials).join(', ')}`);
  process.exitCode = 2;
} else {
  const outcome = await trial();
  say(typeof outcome === 'string' ? outcome : JSON.stringify(outcome, null, 2));
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
