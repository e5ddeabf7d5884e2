import { type ClientIdentity, type RaceReport, runRaceSuite } from '@latchkey/race-suite';
import { expect, test } from 'vitest';
import type { App } from '../authorization-server/app.ts';
import { stopClock } from '../authorization-server/clock.ts';
import { startTown } from '../authorization-server/town.ts';
import { startNaiveServer } from './naive-server.ts';

const identityOf = ({ id, secret }: App): ClientIdentity => ({
  id,
  secret,
  method: secret === undefined ? 'none' : 'client_secret_basic',
});

const alice = { username: 'alice', password: 'alice-password' };
const few = { rounds: 2, parallel: 10 };

/** What was found, as `trial: rule` by verdict. */
function found({ findings }: RaceReport, verdict: string): string[] {
  return findings.filter((finding) => finding.verdict === verdict).map(({ trial, says }) => `${trial}: ${says}`);
}

test('Latchkey, with its grace: everything is tried, and everything holds', async () => {
  using clock = stopClock();
  await using town = await startTown();
  const [app, other] = [await town.app(), await town.app()];
  const report = await runRaceSuite({
    ...few,
    issuer: town.issuer,
    client: identityOf(app),
    otherClient: identityOf(other),
    redirectUri: app.redirectUri,
    scope: 'openid profile',
    signedIn: alice,
    grace: 30,
    waitForGrace: true,
    wait: async (seconds) => clock.advance(seconds),
  });
  expect(report.findings.filter(({ verdict }) => verdict !== 'held')).toEqual([]);
  expect(new Set(report.findings.map(({ trial }) => trial)).size).toBe(8);
  expect(report.verdict).toBe('held');
  const [codes] = report.findings;
  expect(codes).toMatchObject({ answers: { '200': 2, '400 invalid_grant': 18 }, rounds: { held: 2 } });
});

test('Latchkey without a grace: a public client with tokens for the API, and the session of a browser', async () => {
  await using town = await startTown({ REFRESH_GRACE_SECONDS: '0' });
  const app = await town.app({ token_endpoint_auth_method: 'none' });
  const bob = town.person('bob');
  await bob.connect(app, { scope: 'openid read:todos' });
  const cookie = [...bob.browser.cookies()].map(([name, { value }]) => `${name}=${value}`).join('; ');
  const report = await runRaceSuite({
    ...few,
    issuer: town.issuer,
    client: identityOf(app),
    redirectUri: app.redirectUri,
    scope: 'openid read:todos',
    signedIn: { cookie },
    grace: 0,
    only: ['refresh', 'reuse', 'grace', 'revoke', 'other-client'],
  });
  expect(found(report, 'did not hold')).toEqual([]);
  expect(found(report, 'could not tell')).toEqual(['revoke: nor does an access token']);
  expect(found(report, 'skipped')).toEqual(['other-client: another client cannot use a refresh token']);
  expect(found(report, 'held')).toContain('refresh: a refresh token is accepted once');
  expect(report.verdict).toBe('held');
});

test('the negative control: storage that only notes what was spent is found out, with and without a grace', async () => {
  await using server = await startNaiveServer();
  const race = (grace: number) =>
    runRaceSuite({
      ...few,
      issuer: server.issuer,
      client: server.client,
      redirectUri: server.redirectUri,
      scope: 'openid',
      signedIn: { cookie: server.cookie },
      grace,
      only: ['codes', 'refresh', 'par', 'dpop'],
    });
  const [strict, lenient] = [await race(0), await race(30)];
  const always = [
    'codes: a code buys tokens once',
    'refresh: at most one line lives on',
    'par: a pushed request gives one code',
    'dpop: a proof is accepted once',
  ];
  expect(found(strict, 'did not hold')).toEqual(
    expect.arrayContaining([...always, 'refresh: a refresh token is accepted once']),
  );
  expect(found(lenient, 'did not hold')).toEqual(
    expect.arrayContaining([...always, 'refresh: all uses within the grace get one successor']),
  );
  expect([strict.verdict, lenient.verdict]).toEqual(['did not hold', 'did not hold']);
  expect(strict.findings[0]?.counterexamples[0]).toMatch(
    /^round 1: the code \S{4}…\S{4} was accepted \d+ times of 10; refresh tokens \S{4}…\S{4}, /,
  );
});
