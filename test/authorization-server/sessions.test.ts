import { expect, test } from 'vitest';
import { stopClock } from './clock.ts';
import { answerOf, headingOf, isConsent, isSignIn, type Person } from './person.ts';
import { startTown } from './town.ts';

const sessionOf = (person: Person) => person.browser.cookies().get('latchkey_session');

test('one sign-in is enough for the next request and for the next app', async () => {
  await using town = await startTown();
  const [planner, other, alice] = [await town.app(), await town.app(), town.person('alice')];
  await alice.connect(planner);
  expect(answerOf(await alice.open(planner.request()))).toHaveProperty('code');
  expect(isConsent(await alice.open(other.request()))).toBe(true);
});

test('the session cookie is out of script’s reach, and sent from no other site but by a link', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  await alice.connect(planner);
  for (const name of ['latchkey_session', 'latchkey_known']) {
    const cookie = alice.browser.cookies().get(name);
    expect(cookie?.path).toBe('/');
    expect(cookie?.attributes).toMatch(/httponly/i);
    expect(cookie?.attributes).toMatch(/samesite=lax/i);
    expect(cookie?.attributes).not.toMatch(/domain=/i);
  }
});

test('a session cookie that was planted before the sign-in is worthless after it', async () => {
  await using town = await startTown();
  const [planner, alice, mallory] = [await town.app(), town.person('alice'), town.person('mallory')];
  await mallory.browser.go(`${town.issuer}/device`);
  const planted = sessionOf(mallory)?.value ?? '';
  expect(planted).not.toBe('');
  alice.browser.setCookie('latchkey_session', planted);
  await alice.connect(planner);
  expect(sessionOf(alice)?.value).not.toBe(planted);
  expect(await mallory.authorize(planner.request({ prompt: 'none' }))).toMatchObject({ error: 'login_required' });
  expect(isSignIn(await mallory.open(planner.request()))).toBe(true);
});

test('a made-up session cookie is not taken up', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  alice.browser.setCookie('latchkey_session', 'x'.repeat(43));
  await alice.connect(planner);
  expect(sessionOf(alice)?.value).not.toBe('x'.repeat(43));
  const mallory = town.person('mallory');
  mallory.browser.setCookie('latchkey_session', 'x'.repeat(43));
  expect(isSignIn(await mallory.open(planner.request()))).toBe(true);
});

test('a cookie from before the sign-in of another person does not lead to the new one', async () => {
  await using town = await startTown();
  const [planner, shared] = [await town.app(), town.person('alice')];
  await shared.connect(planner);
  const hers = sessionOf(shared)?.value ?? '';
  const page = await shared.open(planner.request({ prompt: 'login' }));
  await shared.goOn(await shared.signIn(page, { username: 'bob' }));
  const old = town.person('alice');
  old.browser.setCookie('latchkey_session', hers);
  expect(isSignIn(await old.open(planner.request()))).toBe(true);
});

test('a cookie from before the last rotation is worthless ten seconds later', async () => {
  using clock = stopClock();
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const request = planner.request();
  const consent = await alice.signIn(await alice.open(request));
  const before = sessionOf(alice)?.value ?? '';
  await alice.allow(consent);
  expect(sessionOf(alice)?.value).not.toBe(before);
  await alice.open(planner.request());
  clock.advance(11);
  const thief = town.person('alice');
  thief.browser.setCookie('latchkey_session', before);
  expect(isSignIn(await thief.open(planner.request()))).toBe(true);
  expect(answerOf(await alice.open(planner.request()))).toHaveProperty('code');
});

test('a session that is not used for two weeks is over', async () => {
  using clock = stopClock();
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  await alice.connect(planner);
  const { value = '' } = sessionOf(alice) ?? {};
  clock.advance(14 * 24 * 60 * 60 + 60);
  alice.browser.setCookie('latchkey_session', value);
  expect(isSignIn(await alice.open(planner.request()))).toBe(true);
});

test('“Not you?”: Bob signs in at Alice’s browser, decides for himself, and her tokens of that session end', async () => {
  await using town = await startTown();
  const [planner, other, alice] = [await town.app(), await town.app(), town.person('alice')];
  const hers = await alice.connect(other);
  const request = planner.request({ scope: 'openid profile read:todos write:todos' });
  const signIn = await alice.press(await alice.open(request), 'switch');
  expect(isSignIn(signIn)).toBe(true);

  const consent = await alice.goOn(await alice.signIn(signIn, { username: 'bob' }));
  expect(headingOf(consent)).toBe('Planner wants to');
  expect(consent.text).toContain('Bob Baker');
  expect(consent.text).not.toContain('Alice Archer');
  const { code, state } = answerOf(await alice.allow(consent));
  expect(state).toBe(request.state);
  const { body } = await planner.exchange(code, request);
  const { payload } = await town.verify(body.access_token);
  expect(payload.sub).toBe((await town.server.accounts.findByUsername('bob'))?.id);
  expect(payload.scope).toBe('read:todos');
  expect((await other.refresh(hers.refresh_token)).status).toBe(400);
});

test('“Not you?” and yet Alice again: she goes on where she was', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const request = planner.request();
  const consent = await alice.signIn(await alice.open(request));
  const page = await alice.signIn(await alice.press(consent, 'switch'));
  expect(isConsent(page)).toBe(true);
  const { code } = answerOf(await alice.allow(page));
  expect((await planner.exchange(code, request)).status).toBe(200);
});

test('a later sign-in is what the tokens then speak of', async () => {
  using clock = stopClock();
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const first = await town.verify((await alice.connect(planner)).access_token);
  clock.advance(600);
  const silent = await town.verify((await alice.connect(planner)).access_token);
  expect(silent.payload.auth_time).toBe(first.payload.auth_time);
  const stepUp = await town.verify((await alice.connect(planner, { max_age: '300' })).access_token);
  expect(stepUp.payload.auth_time).toBe(first.payload.auth_time + 600);
});

test('the time spent on the consent page is not the time of the sign-in', async () => {
  using clock = stopClock();
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const request = planner.request();
  const consent = await alice.signIn(await alice.open(request));
  const signedInAt = Math.floor(Date.now() / 1000);
  clock.advance(120);
  const { code } = answerOf(await alice.allow(consent));
  const { body } = await planner.exchange(code, request);
  expect((await town.verify(body.access_token)).payload.auth_time).toBe(signedInAt);
});
