import { type Answer, refreshTokenIn, volley } from '@latchkey/race-suite/wire';
import { type App, openApp } from '../fleet/app.ts';
import { type FleetOptions, startFleet } from '../fleet/fleet.ts';
import { startMovedClock } from '../fleet/moved-clock.ts';

export interface AfterGraceOptions extends FleetOptions {
  readonly rounds: number;
  readonly parallel: number;
}

export interface AfterGraceReport {
  readonly rounds: number;
  readonly parallel: number;
  /** Rounds in which every reuse was refused, and the successor was dead afterwards. */
  readonly familyRevoked: number;
  readonly wrong: readonly string[];
}

const graceMs = 30_000;
/** Rounds whose grace ends together. */
const together = 25;

/**
 * A refresh token that comes again when its time is over, fifty times at once: all are refused, and what had come of it
 * is dead. Each round is a session of its own, so that no round can die of another's reuse.
 */
export async function runAfterGraceTrial({ rounds, parallel, ...fleet }: AfterGraceOptions): Promise<AfterGraceReport> {
  using clock = startMovedClock();
  await using servers = await startFleet({ ...fleet, environment: { ...fleet.environment, ...clock.environment } });
  const identity = await servers.register();
  const wrong: string[] = [];
  let familyRevoked = 0;

  for (let done = 0; done < rounds; done += together) {
    const families = await volley(Math.min(together, rounds - done), async () =>
      beginFamily(await openApp(servers, identity), wrong),
    );
    clock.move(graceMs + 1_000);
    for (const family of families) {
      if (family && (await fallsWhole(family, parallel, wrong))) familyRevoked += 1;
    }
  }
  return { rounds, parallel, familyRevoked, wrong: wrong.slice(0, 20) };
}

interface Family {
  readonly app: App;
  readonly spent: string;
  readonly successor: string;
}

async function beginFamily(app: App, wrong: string[]): Promise<Family | undefined> {
  const spent = refreshTokenIn(await app.client.exchange(await app.codes.code()));
  const successor = spent && refreshTokenIn(await app.client.refresh(spent));
  if (spent && successor) return { app, spent, successor };
  wrong.push('a family could not be begun');
  return undefined;
}

async function fallsWhole({ app, spent, successor }: Family, parallel: number, wrong: string[]): Promise<boolean> {
  const reuses = await volley(parallel, () => app.client.refresh(spent));
  const bad = [...reuses, await app.client.refresh(successor)].filter(({ kind }) => kind !== '400 invalid_grant');
  wrong.push(...bad.map(({ kind, error }: Answer) => `${kind} ${error ?? ''}`));
  return bad.length === 0;
}
