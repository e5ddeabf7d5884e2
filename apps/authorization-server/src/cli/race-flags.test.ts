import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readRaceFlags } from './race-flags.ts';

const enough = {
  issuer: 'https://id.example',
  client: 'race',
  redirectUri: 'https://app.example/callback',
  cookie: 'session=1',
};

test('the least that is needed: a public client and a cookie', () => {
  expect(readRaceFlags(enough, {})).toMatchObject({
    client: { id: 'race', method: 'none' },
    signedIn: { cookie: 'session=1' },
    scope: 'openid',
    rounds: 20,
    parallel: 50,
    grace: 30,
    only: undefined,
  });
});

test('secrets come from the flag, a file or the environment', () => {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-race-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'secret');
  writeFileSync(file, 'of the file\n');
  const environment = { LATCHKEY_RACE_CLIENT_SECRET: 'of the environment', LATCHKEY_RACE_PASSWORD: 'a password' };
  const secretOf = (flags: object) => {
    const options = readRaceFlags({ ...enough, ...flags }, environment);
    return 'problems' in options ? options.problems : [options.client.secret, options.client.method];
  };
  expect(secretOf({})).toEqual(['of the environment', 'client_secret_basic']);
  expect(secretOf({ clientSecretFile: file })).toEqual(['of the file', 'client_secret_basic']);
  expect(secretOf({ clientSecret: 'typed', clientSecretFile: file })).toEqual(['typed', 'client_secret_basic']);
  expect(secretOf({ tokenEndpointAuthMethod: 'client_secret_post' })).toEqual([
    'of the environment',
    'client_secret_post',
  ]);
  expect(secretOf({ clientSecretFile: join(folder, 'none') })).toEqual([
    `${join(folder, 'none')} cannot be read: ENOENT`,
  ]);
  expect(readRaceFlags({ ...enough, username: 'alice' }, environment)).toMatchObject({
    signedIn: { username: 'alice', password: 'a password' },
  });
});

test('no grace, a few trials, several replicas', () => {
  const tokenEndpoint = ['https://a.example/token', 'https://b.example/token'];
  expect(readRaceFlags({ ...enough, grace: false, only: 'codes, refresh', tokenEndpoint }, {})).toMatchObject({
    grace: 0,
    only: ['codes', 'refresh'],
    tokenEndpoints: tokenEndpoint,
  });
});

test('everything that is wrong is said at once', () => {
  const flags = {
    issuer: 'nowhere',
    tokenEndpointAuthMethod: 'private_key_jwt',
    rounds: '0',
    parallel: '1',
    grace: 'some',
    only: 'codes,cookies',
    username: 'alice',
  };
  expect(readRaceFlags(flags, {})).toEqual({
    problems: [
      '--only: there is no trial cookies (codes, refresh, reuse, grace, revoke, other-client, par, dpop)',
      '--username needs --password-file (or LATCHKEY_RACE_PASSWORD)',
      '--issuer: nowhere is not an address',
      '--client is missing (a client_id)',
      '--token-endpoint-auth-method must be one of client_secret_basic, client_secret_post, none',
      '--redirect-uri is missing (as it is registered)',
      '--rounds must be a whole number from 1',
      '--parallel must be a whole number from 2',
      '--grace must be a whole number from 0',
    ],
  });
});
