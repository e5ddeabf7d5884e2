import { setTimeout as sleep } from 'node:timers/promises';
import { accessTokenIn, refreshTokenIn, told } from './answer.ts';
import { createBrowser } from './browser.ts';
import { type CodeSource, createCodeSource } from './code-source.ts';
import { createOAuthClient, type OAuthClient } from './oauth-client.ts';
import { RaceFailure } from './race-failure.ts';
import type { RaceOptions } from './race-options.ts';
import { discover, type ServerMetadata } from './server-metadata.ts';
import { createTraffic, type Traffic } from './traffic.ts';

/** What every trial runs on: the server, the clients, the browser, and how often. */
export interface Course {
  readonly metadata: ServerMetadata;
  readonly traffic: Traffic;
  readonly client: OAuthClient;
  readonly other: OAuthClient | undefined;
  readonly codes: CodeSource;
  readonly rounds: number;
  readonly parallel: number;
  /** Seconds. */
  readonly grace: number;
  readonly waitForGrace: boolean;
  readonly facts: Facts;
  /** Seconds that were spent waiting, on purpose. */
  readonly waited: number;
  wait(seconds: number): Promise<void>;
  /** @throws {RaceFailure} */
  freshTokens(): Promise<FreshTokens>;
}

export interface FreshTokens {
  readonly access: string | undefined;
  readonly refresh: string;
}

/** What one quiet run shows about the server, before anything is raced. */
export interface Facts {
  /** Without refresh tokens most trials have nothing to tell. */
  readonly givesRefreshTokens: boolean;
  readonly rotates: boolean;
  /** The access tokens are good at the userinfo endpoint, so it can be seen there when they die. */
  readonly userinfoTellsAccess: boolean;
}

/** @throws {RaceFailure} when the server, the client or the session is not fit to be raced with */
export async function openCourse(options: RaceOptions): Promise<Course> {
  const { redirectUri, scope, resource, signedIn, rounds, parallel, grace, waitForGrace = false } = options;
  const traffic = createTraffic();
  const metadata = await discover(options.issuer, traffic);
  const tokenEndpoints = options.tokenEndpoints?.length ? options.tokenEndpoints : [metadata.token_endpoint];
  const needs = { traffic, metadata, tokenEndpoints, redirectUri, resource };
  const client = createOAuthClient(options.client, needs);
  const [person, cookie] = 'cookie' in signedIn ? [undefined, signedIn.cookie] : [signedIn, undefined];
  const { origin } = new URL(metadata.authorization_endpoint);
  const browser = createBrowser({ traffic, redirectUri, origin, cookie });
  const codes = createCodeSource({ metadata, client: options.client, browser, person, redirectUri, scope, resource });
  const pause = options.wait ?? ((seconds: number) => sleep(seconds * 1000));

  let waited = 0;
  return {
    metadata,
    traffic,
    client,
    other: options.otherClient && createOAuthClient(options.otherClient, needs),
    codes,
    rounds,
    parallel,
    grace,
    waitForGrace,
    facts: await rehearse({ metadata, traffic, client, codes }),
    get waited() {
      return waited;
    },
    async wait(seconds) {
      const start = performance.now();
      await pause(seconds);
      waited += (performance.now() - start) / 1000;
    },
    async freshTokens() {
      const answer = await client.exchange(await codes.code());
      const refresh = refreshTokenIn(answer);
      if (answer.kind !== '200') throw new RaceFailure(`a fresh code was answered ${told(answer)}`);
      if (refresh === undefined) throw new RaceFailure('the client got no refresh token');
      return { access: accessTokenIn(answer), refresh };
    },
  };
}

type Quiet = Pick<Course, 'metadata' | 'traffic' | 'client' | 'codes'>;

async function rehearse({ metadata, traffic, client, codes }: Quiet): Promise<Facts> {
  const answer = await client.exchange(await codes.code());
  if (answer.kind !== '200') {
    throw new RaceFailure(`A code could not be exchanged: the token endpoint answered ${told(answer)}.`);
  }
  const [access, refresh] = [accessTokenIn(answer), refreshTokenIn(answer)];
  const userinfo = metadata.userinfo_endpoint;
  const userinfoTellsAccess =
    userinfo !== undefined && access !== undefined && (await opensUserinfo({ traffic, metadata }, access)) === true;
  if (refresh === undefined) return { givesRefreshTokens: false, rotates: false, userinfoTellsAccess };

  const next = await client.refresh(refresh);
  if (next.kind !== '200') {
    throw new RaceFailure(`A refresh token could not be used: the token endpoint answered ${told(next)}.`);
  }
  return { givesRefreshTokens: true, rotates: (refreshTokenIn(next) ?? refresh) !== refresh, userinfoTellsAccess };
}

/** Whether an access token is good at the userinfo endpoint; undefined when that cannot be told. */
export async function opensUserinfo(
  { traffic, metadata }: Pick<Course, 'traffic' | 'metadata'>,
  accessToken: string,
): Promise<boolean | undefined> {
  const headers = { authorization: `Bearer ${accessToken}` };
  const { kind } = await traffic.ask(metadata.userinfo_endpoint ?? '', { headers });
  if (kind === '200') return true;
  return kind === 'other 4xx' || kind === '400 invalid_grant' ? false : undefined;
}
