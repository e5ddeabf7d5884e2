import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { dumpOf, testEngine } from '@latchkey/database/testing';
import { expect, test } from 'vitest';
import { openTables } from '../../apps/authorization-server/src/tables.ts';
import { appOf, type Body, type Params } from './app.ts';
import { startTown, type Town } from './town.ts';

/** Everything that opens something, as it went over the wire, by what it is. */
type Secrets = Map<string, string>;

function keep(secrets: Secrets, label: string, body: Body, members: readonly string[]): void {
  for (const member of members) secrets.set(`${label} ${member}`, String(body[member]));
}

async function livedIn(town: Town): Promise<Secrets> {
  const secrets: Secrets = new Map();
  const tokens = ['access_token', 'refresh_token', 'id_token'];
  const remember = (label: string, body: Body) => keep(secrets, label, body, tokens);
  const alice = town.person('alice');
  secrets.set('password', 'alice-password');
  const rememberCookies = (label: string) => {
    for (const [name, { value }] of alice.browser.cookies()) secrets.set(`cookie ${name} ${label}`, value);
  };

  const planner = await town.app();
  secrets.set('operator’s client secret', String(planner.secret));
  const request = planner.request({ scope: 'openid read:todos', login_hint: 'hint-of-the-planner' });
  secrets.set('verifier', request.verifier);
  const signIn = await alice.open(request);
  rememberCookies('at sign-in');
  const consent = await alice.signIn(signIn);
  rememberCookies('at consent');
  const code = (await alice.allow(consent)).url.searchParams.get('code') ?? '';
  secrets.set('redeemed code', code);
  const first = await planner.exchange(code, request);
  remember('code flow', first.body);
  remember('refresh', (await planner.refresh(first.body.refresh_token)).body);
  remember('sign-in only', await alice.connect(planner, { scope: 'openid profile email' }));
  secrets.set('open code', String((await alice.authorize(planner.request())).code));
  rememberCookies('afterwards');

  const json = { 'content-type': 'application/json' };
  const registration = { client_name: 'Stranger', redirect_uris: ['https://stranger.example/'] };
  const { registration_endpoint: register } = town.metadata;
  const made = await fetch(register, { method: 'POST', headers: json, body: JSON.stringify(registration) });
  const stranger = (await made.json()) as Body;
  keep(secrets, 'registration', stranger, ['client_secret', 'registration_access_token']);

  const { pushed_authorization_request_endpoint: par, device_authorization_endpoint: device } = town.metadata;
  const params: Params = Object.fromEntries(planner.request().url.searchParams);
  const pushed = await planner.post(par, params);
  secrets.set('pushed request', String(pushed.body.request_uri).split(':').pop() ?? '');
  const grant_types = ['urn:ietf:params:oauth:grant-type:device_code', 'client_credentials'];
  const tv = appOf(
    town.metadata,
    await town.server.clients.add({ client_name: 'Television', redirect_uris: ['https://tv.example/'], grant_types }),
  );
  keep(secrets, 'device', (await tv.post(device, { scope: 'openid' })).body, ['device_code', 'user_code']);
  keep(secrets, 'service', (await tv.token({ grant_type: 'client_credentials' })).body, ['access_token']);
  await alice.open(`${town.issuer}/device`);
  rememberCookies('at the device page');
  return secrets;
}

async function stolenFrom(town: Town) {
  await using tables = await openTables(town.settings);
  return await dumpOf(tables);
}

test('who takes the database takes nothing that opens anything: no code, token, secret, password or cookie is in it', async () => {
  await using town = await startTown();
  const secrets = await livedIn(town);
  expect(secrets.size).toBeGreaterThan(20);
  for (const [label, secret] of secrets) expect(secret.length, label).toBeGreaterThanOrEqual(8);

  const dump = await stolenFrom(town);
  expect(new Set(dump.map(({ place }) => place.split('.')[0])).size).toBeGreaterThanOrEqual(10);
  const found = dump.flatMap(({ place, value }) =>
    [...secrets].filter(([, secret]) => value.includes(secret)).map(([label]) => `${label} in ${place}`),
  );
  expect(found).toEqual([]);
});

test('nothing that the database holds can be presented: not as a token, a code, a cookie or a secret', async () => {
  await using town = await startTown();
  await livedIn(town);
  const planner = await town.app();
  const { userinfo_endpoint: userinfo, introspection_endpoint: introspection } = town.metadata;
  const values = new Set(
    (await stolenFrom(town)).map(({ value }) => value).filter((value) => /^[\w.~-]{16,600}$/.test(value)),
  );
  expect(values.size).toBeGreaterThan(40);
  for (const value of values) {
    const bearer = await fetch(userinfo, { headers: { authorization: `Bearer ${value}` } });
    expect(bearer.status, value).toBe(401);
    expect((await planner.refresh(value)).body.error, value).toBe('invalid_grant');
    expect((await planner.exchange(value, planner.request())).body.error, value).toBe('invalid_grant');
    expect((await planner.post(introspection, { token: value })).body, value).toEqual({ active: false });
    const silent = planner.request({ prompt: 'none' }).url;
    const cookie = `latchkey_session=${value}`;
    const answer = await fetch(silent, { headers: { cookie }, redirect: 'manual' });
    expect(answer.headers.get('location'), value).toContain('error=login_required');
  }
  for (const { value } of (await stolenFrom(town)).filter(({ place }) => place === 'clients.secret_hash')) {
    const impostor = appOf(town.metadata, { client_id: planner.id, client_secret: value, redirect_uris: [] });
    expect((await impostor.token({ grant_type: 'client_credentials' })).body.error).toBe('invalid_client');
  }
});

test.skipIf(testEngine !== 'sqlite')(
  'nor is it in the files around the database, in whatever pages were left behind',
  async () => {
    await using town = await startTown();
    const secrets = await livedIn(town);
    const folder = dirname(town.settings.databaseFile);
    const names = readdirSync(folder).filter((name) => name.startsWith('latchkey.sqlite'));
    expect(names).toContain('latchkey.sqlite');
    for (const name of names) {
      const bytes = readFileSync(join(folder, name));
      for (const [label, secret] of secrets) expect(bytes.includes(secret), `${label} in ${name}`).toBe(false);
    }
  },
);

test('passwords are argon2id hashes, signing keys are sealed, and the audit log names nobody’s tokens', async () => {
  await using town = await startTown();
  await livedIn(town);
  await using tables = await openTables(town.settings);
  for (const { password_hash } of await tables.query.selectFrom('accounts').select('password_hash').execute()) {
    expect(password_hash).toMatch(/^\$argon2id\$v=19\$m=\d+,t=\d+,p=\d+\$/);
  }
  for (const { sealed } of await tables.query.selectFrom('signing_keys').select('sealed').execute()) {
    expect(sealed).toMatch(/^v2\./);
    expect(sealed).not.toContain('"d"');
  }
  const events = await tables.query.selectFrom('audit_events').select('name').execute();
  expect(events.map(({ name }) => name)).toEqual(expect.arrayContaining(['signed-in', 'consent-given']));
});

test('the key that opens it all lies beside it, readable by its owner alone', async () => {
  await using town = await startTown();
  const file = join(dirname(town.settings.databaseFile), 'key-encryption-key');
  expect(statSync(file).mode & 0o077).toBe(0);
});
