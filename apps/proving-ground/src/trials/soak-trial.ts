import { statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { refreshTokenIn } from '@latchkey/race-suite/wire';
import Sqlite from 'better-sqlite3';
import { type App, openApp } from '../fleet/app.ts';
import { type Fleet, startFleet } from '../fleet/fleet.ts';
import { startMovedClock } from '../fleet/moved-clock.ts';

export interface SoakOptions {
  /** Artifacts to issue: pushed requests, codes, refresh tokens, opaque access tokens. */
  readonly artifacts: number;
  readonly onSample?: (sample: Sample) => void;
}

export interface Sample {
  /** Hours of the servers' clock since the beginning. */
  readonly hours: number;
  readonly issued: number;
  /** Rows in the artifacts table. */
  readonly stored: number;
  /** Of the database file and its log, in bytes. */
  readonly bytes: number;
}

/** An hour passes for the server in each second, so that what it issues runs out while one looks on. */
const clockStepMs = 60_000;
const everyMs = 1_000 / 60;
const workers = 16;

/** Issues and forgets: the size of the database must follow what is alive, not what has been. */
export async function runSoakTrial({ artifacts, onSample }: SoakOptions): Promise<readonly Sample[]> {
  using clock = startMovedClock();
  await using fleet = await startFleet({
    engine: 'sqlite',
    replicas: 1,
    environment: clock.environment,
  });
  const identity = await fleet.register();
  const apps = await Promise.all(Array.from({ length: workers }, () => openApp(fleet, identity, 'openid')));

  const state = { issued: 0, over: false };
  const ticking = setInterval(() => clock.move(clockStepMs), everyMs);
  const load = apps.map((app) => issue(fleet, app, state, () => openApp(fleet, identity, 'openid')));
  using database = openForReading(fleet.databaseFile);

  const samples: Sample[] = [];
  const look = () => {
    const sample = {
      hours: Math.round(clock.aheadMs / 36_000) / 100,
      issued: state.issued,
      stored: database.count(),
      bytes: sizeOf(fleet.databaseFile),
    };
    samples.push(sample);
    onSample?.(sample);
  };
  while (state.issued < artifacts) {
    look();
    await delay(5_000);
  }
  state.over = true;
  await Promise.all(load);
  // NOTE: and then nobody asks for anything, until the last of it has run out and been swept.
  for (let rest = 0; rest < 36; rest += 1) {
    await delay(5_000);
    clock.move(24 * 3_600_000);
    look();
  }
  clearInterval(ticking);
  return samples;
}

interface State {
  issued: number;
  over: boolean;
}

/** One pushed request, one code, one opaque access token, and a line of refresh tokens with an access token each. */
async function issue(fleet: Fleet, first: App, state: State, again: () => Promise<App>): Promise<void> {
  let app = first;
  while (!state.over) {
    const { params } = app.codes.request();
    for (let times = 0; times < 10; times += 1) {
      const pushed = await app.client.push(params);
      if (pushed.kind !== '200') throw new Error(`pushing: ${pushed.status} ${pushed.error}`);
      state.issued += 1;
    }
    // NOTE: the session has run out when nobody came back for two weeks of the moved clock.
    const code = await app.codes.code().catch(() => undefined);
    if (!code) {
      // NOTE: the moved clock may overtake a sign-in, which then begins again.
      app = await again().catch(() => app);
      continue;
    }
    let answer = await app.client.exchange(code);
    state.issued += 3;
    for (let times = 0; times < 10 && answer.kind === '200'; times += 1) {
      answer = await app.client.refresh(refreshTokenIn(answer) ?? '');
      state.issued += 2;
    }
    if (answer.status === undefined || answer.status >= 500)
      throw new Error(`a token: ${answer.status} at ${fleet.issuer}`);
  }
}

function openForReading(file: string) {
  const connection = new Sqlite(file, { readonly: true });
  const counting = connection.prepare('SELECT count(*) FROM artifacts').pluck();
  return { count: () => Number(counting.get()), [Symbol.dispose]: () => void connection.close() };
}

function sizeOf(file: string): number {
  return [file, `${file}-wal`].reduce((sum, name) => sum + (statSync(name, { throwIfNoEntry: false })?.size ?? 0), 0);
}
