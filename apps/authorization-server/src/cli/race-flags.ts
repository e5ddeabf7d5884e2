import { readFileSync } from 'node:fs';
import { type ClientIdentity, isTrialName, type RaceOptions, trialNames } from '@latchkey/race-suite';

/** The options of `latchkey race` as they were typed. */
export interface RaceFlags {
  readonly issuer?: string;
  readonly client?: string;
  readonly clientSecret?: string;
  readonly clientSecretFile?: string;
  readonly tokenEndpointAuthMethod?: string;
  readonly otherClient?: string;
  readonly otherClientSecret?: string;
  readonly otherClientSecretFile?: string;
  readonly redirectUri?: string;
  readonly scope?: string;
  readonly resource?: string;
  readonly cookie?: string;
  readonly cookieFile?: string;
  readonly username?: string;
  readonly passwordFile?: string;
  readonly rounds?: string;
  readonly parallel?: string;
  /** `false` by `--no-grace`. */
  readonly grace?: string | false;
  readonly waitForGrace?: boolean;
  readonly only?: string;
  readonly tokenEndpoint?: string[];
}

const methods = ['client_secret_basic', 'client_secret_post', 'none'] as const;

/** What the flags and the environment ask for, or everything that is wrong with them. */
export function readRaceFlags(flags: RaceFlags, environment: NodeJS.ProcessEnv): RaceOptions | { problems: string[] } {
  const problems: string[] = [];

  const required = (name: string, value: string | undefined, example: string): string => {
    if (!value) problems.push(`${name} is missing (${example})`);
    return value ?? '';
  };
  const address = (name: string, value: string): string => {
    if (value && !URL.canParse(value)) problems.push(`${name}: ${value} is not an address`);
    return value;
  };
  const count = (name: string, value: string, least: number): number => {
    if (!/^\d{1,5}$/.test(value) || Number(value) < least)
      problems.push(`${name} must be a whole number from ${least}`);
    return Number(value);
  };
  const secret = (value: string | undefined, file: string | undefined, variable: string): string | undefined => {
    if (value !== undefined) return value;
    if (file === undefined) return environment[variable] || undefined;
    try {
      return readFileSync(file, 'utf8').trim();
    } catch (error) {
      problems.push(`${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
      return undefined;
    }
  };
  const identity = (id: string, proof: string | undefined, method = proof ? methods[0] : 'none'): ClientIdentity => {
    const known = methods.find((each) => each === method);
    if (!known) problems.push(`--token-endpoint-auth-method must be one of ${methods.join(', ')}`);
    if (known && known !== 'none' && !proof) problems.push(`${method} needs a secret`);
    return { id, secret: proof, method: known ?? 'none' };
  };

  const only = flags.only?.split(',').map((name) => name.trim());
  for (const name of only ?? []) {
    if (!isTrialName(name)) problems.push(`--only: there is no trial ${name} (${trialNames.join(', ')})`);
  }
  const [clientSecret, otherSecret, cookie, password] = [
    secret(flags.clientSecret, flags.clientSecretFile, 'LATCHKEY_RACE_CLIENT_SECRET'),
    secret(flags.otherClientSecret, flags.otherClientSecretFile, 'LATCHKEY_RACE_OTHER_CLIENT_SECRET'),
    secret(flags.cookie, flags.cookieFile, 'LATCHKEY_RACE_COOKIE'),
    secret(undefined, flags.passwordFile, 'LATCHKEY_RACE_PASSWORD'),
  ];
  if (flags.username === undefined && cookie === undefined) {
    problems.push('who says yes? Give --cookie, or --username and --password-file for a Latchkey server');
  }
  if (flags.username !== undefined && password === undefined) {
    problems.push('--username needs --password-file (or LATCHKEY_RACE_PASSWORD)');
  }

  // The second client proves who it is as the first one does, unless only one of them has a secret.
  const otherMethod =
    otherSecret && flags.tokenEndpointAuthMethod !== 'none' ? flags.tokenEndpointAuthMethod : undefined;
  const options: RaceOptions = {
    issuer: address('--issuer', required('--issuer', flags.issuer, 'http://localhost:3000')),
    client: identity(required('--client', flags.client, 'a client_id'), clientSecret, flags.tokenEndpointAuthMethod),
    otherClient: flags.otherClient === undefined ? undefined : identity(flags.otherClient, otherSecret, otherMethod),
    redirectUri: address('--redirect-uri', required('--redirect-uri', flags.redirectUri, 'as it is registered')),
    scope: flags.scope ?? 'openid',
    resource: flags.resource,
    signedIn:
      flags.username === undefined ? { cookie: cookie ?? '' } : { username: flags.username, password: password ?? '' },
    rounds: count('--rounds', flags.rounds ?? '20', 1),
    parallel: count('--parallel', flags.parallel ?? '50', 2),
    grace: flags.grace === false ? 0 : count('--grace', flags.grace ?? '30', 0),
    waitForGrace: flags.waitForGrace,
    only: only?.filter(isTrialName),
    tokenEndpoints: flags.tokenEndpoint?.map((endpoint) => address('--token-endpoint', endpoint)),
  };
  return problems.length > 0 ? { problems } : options;
}
