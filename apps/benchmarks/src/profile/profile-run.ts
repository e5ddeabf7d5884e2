/**
 * Where our server spends its time in one scenario, for whoever wants to make it quicker. It runs the server under Node's
 * own profiler and reads what that has written; it measures nothing that could be compared.
 */
import { mkdtempDisposableSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '@latchkey/database/testing';
import type { Cores } from '../contenders/cores.ts';
import { startLatchkey } from '../contenders/latchkey-server.ts';
import { signInVisitors } from '../contenders/visitors.ts';
import { measure } from '../load/measurement.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { type CpuProfile, selfTimes } from './cpu-profile.ts';
import { profileReport } from './profile-report.ts';

export interface ProfileOptions {
  readonly scenario: Scenario;
  readonly cores: Cores | undefined;
  readonly connections: number;
  readonly seconds: number;
  readonly postgres: boolean;
}

export async function profileScenario({
  scenario,
  cores,
  connections,
  seconds,
  postgres,
}: ProfileOptions): Promise<string> {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'latchkey-profile-'));
  await using databases = postgres ? await startPostgres() : undefined;
  const databaseUrl = await databases?.createDatabase();
  const timed = await (async () => {
    await using server = await startLatchkey({ cores, databaseUrl, profileFolder: folder.path });
    const contender = { name: 'ours', isFilled: false, ...(await signInVisitors(server, connections)) };
    await measure(contender, scenario, seconds);
    return await measure(contender, scenario, seconds);
  })();
  const [file] = readdirSync(folder.path);
  if (file === undefined) throw new Error('the profiler has written nothing');
  const profile = JSON.parse(readFileSync(join(folder.path, file), 'utf8')) as CpuProfile;
  const times = selfTimes(profile, Number(timed.began / 1_000n), Number(timed.ended / 1_000n));
  return `${Math.round(timed.perSecond).toLocaleString('en')} /s, with the profiler at work\n${profileReport(times)}`;
}
