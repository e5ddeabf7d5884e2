import { type RaceReport, runRaceSuite } from '@latchkey/race-suite';
import { type FleetOptions, startFleet } from '../fleet/fleet.ts';

export interface RaceTrialOptions extends FleetOptions {
  readonly rounds: number;
  readonly parallel: number;
}

/** The race suite's codes and refresh tokens, at a fleet of ours. */
export async function runRaceTrial({ rounds, parallel, ...fleet }: RaceTrialOptions): Promise<RaceReport> {
  await using servers = await startFleet(fleet);
  const client = await servers.register();
  return await runRaceSuite({
    issuer: servers.issuer,
    client,
    redirectUri: servers.redirectUri,
    scope: 'openid read:todos',
    signedIn: servers.person,
    rounds,
    parallel,
    grace: 30,
    only: ['codes', 'refresh'],
  });
}
