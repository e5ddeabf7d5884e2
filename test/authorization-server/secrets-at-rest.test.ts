import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
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

test('who takes the database takes nothing that opens anything: no code, token, secret, password or cookie is in it', async () => {
  await using town = await startTown();
  const secrets = await livedIn(town);
  expect(secrets.size).toBeGreaterThan(20);
  for (const [label, secret] of secrets) expect(secret.length, label).toBeGreaterThanOrEqual(8);

  using database = town.database();
  const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
  expect(tables.length).toBeGreaterThanOrEqual(9);
  const found: string[] = [];
  for (const { name: table } of tables) {
    for (const row of database.prepare(`SELECT * FROM "${table}"`).all()) {
      for (const [column, value] of Object.entries(row)) {
        for (const [label, secret] of secrets) {
          if (String(value).includes(secret)) found.push(`${label} in ${table}.${column}`);
        }
      }
    }
  }
  expect(found).toEqual([]);
});

test('nor is it in the files around the database, in whatever pages were left behind', async () => {
  await using town = await startTown();
  const secrets = await livedIn(town);
  const folder = dirname(town.settings.databaseFile);
  const names = readdirSync(folder).filter((name) => name.startsWith('latchkey.sqlite'));
  expect(names).toContain('latchkey.sqlite');
  for (const name of names) {
    const bytes = readFileSync(join(folder, name));
    for (const [label, secret] of secrets) expect(bytes.includes(secret), `${label} in ${name}`).toBe(false);
  }
});

test('passwords are argon2id hashes, signing keys are sealed, and the audit log names nobody’s tokens', async () => {
  await using town = await startTown();
  await livedIn(town);
  using database = town.database();
  for (const { password_hash } of database.prepare('SELECT password_hash FROM accounts').all()) {
    expect(password_hash).toMatch(/^\$argon2id\$v=19\$m=\d+,t=\d+,p=\d+\$/);
  }
  for (const { sealed } of database.prepare('SELECT sealed FROM signing_keys').all()) {
    expect(sealed).toMatch(/^v1\./);
    expect(sealed).not.toContain('"d"');
  }
  const events = database.prepare('SELECT name FROM audit_events').all();
  expect(events.map(({ name }) => name)).toEqual(expect.arrayContaining(['signed-in', 'consent-given']));
});

test('the key that opens it all lies beside it, readable by its owner alone', async () => {
  await using town = await startTown();
  const file = join(dirname(town.settings.databaseFile), 'key-encryption-key');
  expect(statSync(file).mode & 0o077).toBe(0);
});
