/** `npm run prove -- TRIAL …`: the long trials, against real processes. Their short versions run with the tests. */
import { writeFileSync } from 'node:fs';
import { textReport } from '@latchkey/race-suite';
import { realTime } from './fleet/passage.ts';
import { type ProveOptions, readProveOptions, usage } from './prove-options.ts';
import { runAfterGraceTrial } from './trials/after-grace-trial.ts';
import { runClientRefreshTrial } from './trials/client-refresh-trial.ts';
import { runCrashTrial } from './trials/crash-trial.ts';
import { runFuzzTrial } from './trials/fuzz-trial.ts';
import { runKeyOutageTrial } from './trials/key-outage-trial.ts';
import { runRaceTrial } from './trials/race-trial.ts';
import { plotSoak } from './trials/soak-plot.ts';
import { runSoakTrial } from './trials/soak-trial.ts';

const trials: Readonly<Record<ProveOptions['trial'], (options: ProveOptions) => Promise<object | string>>> = {
  races: async (options) => textReport(await runRaceTrial(options)),
  'after-grace': (options) => runAfterGraceTrial(options),
  crashes: ({ rounds: crashes, ...options }) =>
    runCrashTrial({
      ...options,
      crashes,
      onCrash(crash, { acknowledged, cutOff, lost, spentTwice, wrong }) {
        if (crash % 10 !== 0) return;
        const bad = `${lost.length} lost, ${spentTwice.length} spent twice, ${wrong.length} wrong`;
        say(`crash ${crash}: ${acknowledged} acknowledged, ${cutOff} cut off, ${bad}`);
      },
    }),
  async soak({ artifacts, plot }) {
    const samples = await runSoakTrial({
      artifacts,
      onSample: ({ hours, issued, stored, bytes }) =>
        say(`${hours} h: ${issued} issued, ${stored} stored, ${(bytes / 1e6).toFixed(1)} MB`),
    });
    if (plot) writeFileSync(plot, plotSoak(samples));
    return { samples: samples.length, last: samples.at(-1) };
  },
  async fuzz({ count, seed }) {
    const report = await runFuzzTrial({ count, seed, onProgress: (done) => say(`${done} of ${count}`) });
    if (report.findingsInAll > 0) process.exitCode = 1;
    return report;
  },
  'client-refresh': ({ engine, rounds, parallel }) =>
    runClientRefreshTrial({
      engine,
      rounds,
      parallel,
      onRound: (round) => round % 10 === 0 && say(`${round} of ${rounds} rounds`),
    }),
  'key-outage': ({ minutes }) =>
    runKeyOutageTrial({
      minutes,
      time: realTime(),
      stepMs: 100,
      onMinute: (minute, { requests, failures, fetches }) =>
        say(
          `minute ${minute}: ${requests} requests, ${failures.length} failed, ${fetches} fetches of keys or metadata`,
        ),
    }),
};

const options = readProveOptions(process.argv.slice(2));
if (typeof options === 'string') {
  say(options === '' ? usage : `${options}\n\n${usage}`);
  process.exitCode = options === '' ? 0 : 2;
} else {
  const outcome = await trials[options.trial](options);
  say(typeof outcome === 'string' ? outcome : JSON.stringify(outcome, null, 2));
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
