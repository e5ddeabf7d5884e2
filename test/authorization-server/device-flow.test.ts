import { expect, test } from 'vitest';
import type { Page } from '../browser.ts';
import type { App } from './app.ts';
import { stopClock } from './clock.ts';
import { headingOf, isConsent, isSignIn, type Person } from './person.ts';
import { startTown, type Town } from './town.ts';

const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';

async function television(town: Town): Promise<App> {
  return town.app({
    client_name: 'Television',
    grant_types: [deviceGrant, 'refresh_token'],
    token_endpoint_auth_method: 'none',
    redirect_uris: ['https://television.example/unused'],
  });
}

interface Code {
  readonly device_code: string;
  readonly user_code: string;
  readonly verification_uri: string;
  readonly verification_uri_complete: string;
  readonly expires_in: number;
}

async function ask(town: Town, app: App, scope = 'openid read:todos'): Promise<Code> {
  const { status, body } = await app.post(town.metadata.device_authorization_endpoint, { scope });
  expect(status).toBe(200);
  return body as unknown as Code;
}

const poll = (app: App, { device_code }: Code) => app.token({ grant_type: deviceGrant, device_code });

const formAction = (page: Page) => /<form[^>]*method="post" action="([^"]*)"/.exec(page.text)?.[1] ?? '';

async function enter(person: Person, town: Town, user_code: string): Promise<Page> {
  const page = await person.browser.go(`${town.issuer}/device`);
  return person.browser.submit(page, formAction(page), { user_code });
}

const connect = (person: Person, page: Page) => person.browser.submit(page, formAction(page));

test('Alice connects her television: it waits, she compares the code, signs in, allows, and it gets its tokens', async () => {
  await using town = await startTown();
  const [tv, alice] = [await television(town), town.person('alice')];
  const code = await ask(town, tv, 'openid read:todos write:todos');
  expect(code.verification_uri).toBe(`${town.issuer}/device`);
  expect(code.user_code).toMatch(/^[A-Z]{4}-[A-Z]{4}$/);
  expect(code.expires_in).toBe(600);
  expect(await poll(tv, code)).toMatchObject({ status: 400, body: { error: 'authorization_pending' } });

  const confirm = await enter(alice, town, code.user_code);
  expect(headingOf(confirm)).toBe('Is this the code on your device?');
  expect(confirm.text).toContain(code.user_code);
  expect(confirm.text).toContain('Television');
  expect(confirm.text).toContain('id="device-confirm"');
  expect(await poll(tv, code)).toMatchObject({ body: { error: 'authorization_pending' } });

  const consent = await alice.signIn(await connect(alice, confirm));
  expect(isConsent(consent)).toBe(true);
  const done = await alice.allow(consent, { without: ['write:todos'] });
  expect(headingOf(done)).toBe('You can return to your device');

  const { status, body } = await poll(tv, code);
  expect(status).toBe(200);
  expect(body.scope).toBe('read:todos');
  const { payload } = await town.verify(body.access_token, { audience: town.settings.todosApi, typ: 'at+jwt' });
  expect(payload).toMatchObject({ client_id: tv.id, scope: 'read:todos', acr: 'urn:latchkey:acr:password' });
  expect(payload.auth_time).toBeTypeOf('number');
  expect((await tv.refresh(body.refresh_token)).status).toBe(200);
});

test('a device code is good once', async () => {
  await using town = await startTown();
  const [tv, alice] = [await television(town), town.person('alice')];
  const code = await ask(town, tv);
  await alice.allow(await alice.signIn(await connect(alice, await enter(alice, town, code.user_code))));
  const first = await poll(tv, code);
  expect(first.status).toBe(200);
  expect(await poll(tv, code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  expect((await tv.refresh(first.body.refresh_token)).status).toBe(400);
});

test('of parallel polls exactly one gets the tokens', async () => {
  await using town = await startTown();
  const [tv, alice] = [await television(town), town.person('alice')];
  const code = await ask(town, tv);
  await alice.allow(await alice.signIn(await connect(alice, await enter(alice, town, code.user_code))));
  const statuses = (await Promise.all([1, 2, 3].map(() => poll(tv, code)))).map(({ status }) => status);
  expect(statuses.sort()).toEqual([200, 400, 400]);
});

test('the code in the address leads to the confirmation, never past it', async () => {
  await using town = await startTown();
  const [tv, alice] = [await television(town), town.person('alice')];
  const code = await ask(town, tv);
  const page = await alice.goOn(await alice.browser.go(code.verification_uri_complete));
  expect(headingOf(page)).toBe('Is this the code on your device?');
  expect(await poll(tv, code)).toMatchObject({ body: { error: 'authorization_pending' } });
});

test('Alice does not know the code: the device is told no, and the code is spent', async () => {
  await using town = await startTown();
  const [tv, alice] = [await television(town), town.person('alice')];
  const code = await ask(town, tv);
  const confirm = await enter(alice, town, code.user_code);
  const [, deny = ''] = confirm.text.split('id="device-confirm"');
  expect(deny).toContain('name="abort"');
  const page = await alice.browser.go(`${town.issuer}/device`, {
    method: 'POST',
    body: new URLSearchParams({
      xsrf: /name="xsrf" value="([^"]*)"/.exec(confirm.text)?.[1] ?? '',
      user_code: code.user_code,
      abort: 'yes',
    }),
  });
  expect(page.text).toContain('Nothing was connected.');
  expect(await poll(tv, code)).toMatchObject({ status: 400, body: { error: 'access_denied' } });
  expect((await enter(alice, town, code.user_code)).text).toContain('used already');
});

test('Alice says no on the consent page: the device is told no', async () => {
  await using town = await startTown();
  const [tv, alice] = [await television(town), town.person('alice')];
  const code = await ask(town, tv);
  const consent = await alice.signIn(await connect(alice, await enter(alice, town, code.user_code)));
  const page = await alice.deny(consent);
  expect(page.status).toBeLessThan(500);
  expect(page.url.origin).toBe(town.issuer);
  expect(await poll(tv, code)).toMatchObject({ status: 400, body: { error: 'access_denied' } });
});

test('small letters, spaces and a missing hyphen are fine; a wrong code says so', async () => {
  await using town = await startTown();
  const [tv, alice] = [await television(town), town.person('alice')];
  const { user_code } = await ask(town, tv);
  for (const typed of [user_code.toLowerCase(), user_code.replace('-', ''), user_code.replace('-', ' ')]) {
    expect(headingOf(await enter(alice, town, typed)), typed).toBe('Is this the code on your device?');
  }
  const wrong = await enter(alice, town, 'XXXX-"><script>');
  expect(wrong.status).toBe(400);
  expect(wrong.text).toContain('No device is waiting with this code.');
  expect(wrong.text).not.toContain('"><script>');
  expect((await enter(alice, town, '')).text).toContain('Enter the code that your device shows.');
});

test('guessing at codes is slowed down, and over after a while', async () => {
  using clock = stopClock();
  await using town = await startTown();
  const [tv, mallory] = [await television(town), town.person('alice')];
  const { user_code } = await ask(town, tv);
  let page = await enter(mallory, town, 'AAAA-AAAA');
  let guesses = 1;
  while (page.status === 400 && guesses < 30) {
    page = await enter(mallory, town, `AAAA-AA${String.fromCharCode(65 + guesses)}A`);
    guesses += 1;
  }
  expect(page.status).toBe(429);
  expect(guesses).toBe(16);
  const wait = Number(page.headers.get('retry-after'));
  expect(wait).toBeGreaterThan(0);
  expect((await enter(mallory, town, user_code)).status).toBe(429);
  clock.advance(wait + 1);
  expect((await enter(mallory, town, user_code)).status).toBe(200);
});

test('a code that nobody confirmed in time has run out, on both sides', async () => {
  using clock = stopClock();
  await using town = await startTown();
  const [tv, alice] = [await television(town), town.person('alice')];
  const code = await ask(town, tv);
  clock.advance(620);
  expect(await poll(tv, code)).toMatchObject({ status: 400, body: { error: 'expired_token' } });
  expect((await enter(alice, town, code.user_code)).text).toContain('This code has run out.');
});

test('another app cannot poll with the code, and an app without the grant cannot ask for one', async () => {
  await using town = await startTown();
  const [tv, other, planner] = [await television(town), await television(town), await town.app()];
  const code = await ask(town, tv);
  expect(await poll(other, code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  const refused = await planner.post(town.metadata.device_authorization_endpoint, { scope: 'openid' });
  expect(refused.status).toBe(400);
});

test('going back after connecting the device does not connect it twice, nor fail', async () => {
  await using town = await startTown();
  const [tv, alice] = [await television(town), town.person('alice')];
  const code = await ask(town, tv);
  const signIn = await connect(alice, await enter(alice, town, code.user_code));
  expect(isSignIn(signIn)).toBe(true);
  const consent = await alice.signIn(signIn);
  await alice.allow(consent);
  for (const again of [() => alice.allow(consent), () => alice.signIn(signIn), () => alice.browser.go(consent.url)]) {
    const page = await again();
    expect(page.status).toBeLessThan(500);
    expect(headingOf(page)).toBe('You have answered this already');
  }
});
