import { RaceFailure, type RaceReport, runRaceSuite, textReport, trialNames } from '@latchkey/race-suite';
import { Command } from 'commander';
import { collect } from './command.ts';
import { type RaceFlags, readRaceFlags } from './race-flags.ts';

const guide = `
It speaks HTTP only and finds the endpoints by discovery, so the server may be anybody's. It is load: point it at a
server that you may test, with a client and a person made for it.

Trials (--only takes some of them, separated by commas):
  codes         one code is exchanged many times at once; then: does the replay end what the winner got?
  refresh       one refresh token is used many times at once; then: how many of the successors live?
  reuse         a spent refresh token comes back after its successor was used
  grace         a spent refresh token comes back after the grace (waits that long: --wait-for-grace)
  revoke        a refresh token is used and revoked at the same time
  other-client  another client presents the refresh token (--other-client)
  par           one pushed authorization request is opened many times at once
  dpop          one DPoP proof is sent with several codes at once

Codes come from a session that says yes, in one of two ways:
  --cookie      the Cookie header of a browser that is signed in and has allowed the app what --scope asks for (copy it
                from the network tools of the browser). Codes are then asked for with prompt=none.
  --username    for a Latchkey server: its sign-in and consent forms are filled in.

Secrets are better given as a file or in the environment than typed where others on this machine can see them:
  LATCHKEY_RACE_CLIENT_SECRET, LATCHKEY_RACE_OTHER_CLIENT_SECRET, LATCHKEY_RACE_COOKIE, LATCHKEY_RACE_PASSWORD

Replicas are tried against one another with --token-endpoint, once for each: the uses of one code or token are spread
over them. They are asked as through a proxy (X-Forwarded-Host, X-Forwarded-Proto), so they have to trust one.

Exit code: 0 everything that must hold held, 1 something did not, 2 it could not run, or not see something that must hold.
What a specification only recommends is reported as "should" and changes the exit code with --strict alone.

Examples:
  LATCHKEY_RACE_CLIENT_SECRET=… latchkey race --issuer http://localhost:3000 --client 5f3… \\
    --redirect-uri http://localhost:9/callback --username alice --password-file alice.txt
  LATCHKEY_RACE_COOKIE='…' latchkey race --issuer https://id.example/realms/test --client race \\
    --redirect-uri https://app.example/callback --no-grace --only codes,refresh
`;

interface Flags extends RaceFlags {
  readonly strict?: boolean;
  readonly json?: boolean;
}

const exits = { held: 0, 'did not hold': 1, 'could not tell': 2 } as const;

export function raceCommand(): Command {
  return new Command('race')
    .description('fire parallel exchanges and refreshes at any OAuth server, and report what held')
    .option('--issuer <url>', 'the server, as its metadata names itself')
    .option('--client <id>', 'client_id of an app with the code flow and refresh tokens')
    .option('--client-secret <secret>', 'its secret; without one it is a public client')
    .option('--client-secret-file <file>', 'the same, from a file')
    .option('--token-endpoint-auth-method <method>', 'client_secret_basic (default), client_secret_post or none')
    .option('--redirect-uri <uri>', 'one that the client has registered; it is never visited')
    .option('--scope <scopes>', 'what to ask for, "openid" by default; some servers want offline_access')
    .option('--resource <uri>', 'resource indicator (RFC 8707)')
    .option('--cookie <header>', 'cookies of a session that is signed in: "name=value; …"')
    .option('--cookie-file <file>', 'the same, from a file')
    .option('--username <name>', 'who signs in, at a Latchkey server')
    .option('--password-file <file>', 'that person’s password')
    .option('--rounds <n>', 'how often each trial is run, 20 by default')
    .option('--parallel <n>', 'uses at once, 50 by default')
    .option('--grace <seconds>', 'how long the server lets a spent refresh token be used again, 30 by default')
    .option('--no-grace', 'the server has no such grace (the same as --grace 0)')
    .option('--wait-for-grace', 'wait until the grace is over, for the trial of that name')
    .option('--other-client <id>', 'a second client, for the trial of that name')
    .option('--other-client-secret <secret>', 'its secret')
    .option('--other-client-secret-file <file>', 'the same, from a file')
    .option('--only <trials>', `some of ${trialNames.join(',')}`)
    .option('--token-endpoint <url>', 'a replica’s; the uses are spread over them; several times', collect)
    .option('--strict', 'let the recommendations count too')
    .option('--json', 'print the report as JSON')
    .addHelpText('after', guide)
    .showHelpAfterError('(latchkey race --help explains all of it)')
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : exits['could not tell']))
    .action(race);
}

async function race(flags: Flags): Promise<void> {
  const options = readRaceFlags(flags, process.env);
  if ('problems' in options) return couldNotRun(options.problems, flags.json);
  // NOTE: a person who waits wants to see that something moves; what is read by a program is the report alone.
  const onTrial = process.stderr.isTTY ? (name: string) => process.stderr.write(`racing: ${name}\n`) : undefined;
  try {
    const report = await runRaceSuite({ ...options, onTrial });
    const text = flags.json
      ? JSON.stringify(report, null, 2)
      : textReport(report, { colour: process.stdout.isTTY && !process.env.NO_COLOR });
    process.stdout.write(`${text}\n`);
    process.exitCode = flags.strict && recommendationsBroken(report) ? 1 : exits[report.verdict];
  } catch (error) {
    if (!(error instanceof RaceFailure)) throw error;
    couldNotRun([error.message], flags.json);
  }
}

function recommendationsBroken({ findings }: RaceReport): boolean {
  return findings.some(({ verdict }) => verdict === 'did not hold');
}

function couldNotRun(problems: readonly string[], json: boolean | undefined): void {
  if (json) process.stdout.write(`${JSON.stringify({ error: 'could not run', problems })}\n`);
  else process.stderr.write(`The race could not run:\n${problems.map((problem) => `  - ${problem}`).join('\n')}\n`);
  process.exitCode = exits['could not tell'];
}
