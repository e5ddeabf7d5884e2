/**
 * The race suite: fires parallel exchanges, refreshes and revocations at any OAuth server over HTTP, and reports which
 * rules of the specifications held. How a person asks for it and reads it is the command line's business, and nothing
 * here knows a server from inside.
 */
export type { ClientIdentity } from './oauth-client.ts';
export { RaceFailure } from './race-failure.ts';
export type { RaceOptions } from './race-options.ts';
export type { RaceReport } from './race-report.ts';
export { runRaceSuite } from './race-suite.ts';
export { textReport } from './text-report.ts';
export { isTrialName, trialNames } from './trials/trial-names.ts';
