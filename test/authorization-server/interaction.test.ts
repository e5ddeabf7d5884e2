import { expect, test } from 'vitest';
import type { Page } from '../browser.ts';
import { stopClock } from './clock.ts';
import { answerOf, headingOf, isConsent, isSignIn } from './person.ts';
import { startTown } from './town.ts';

const link = (page: Page) =>
  /<a class="button button-primary" href="([^"]*)"/.exec(page.text)?.[1]?.replaceAll('&amp;', '&');
const credentials = new URLSearchParams({ username: 'alice', password: 'alice-password' });

test('an address that nobody was given is a page that says what to do', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const { url } = await alice.open(planner.request());
  for (const uid of ['nothing', `${url.pathname.slice(13)}x`, '..%2f..%2fetc', 'a'.repeat(3000), '%00']) {
    for (const [path, init] of [
      ['', {}],
      ['/login', { method: 'POST', body: credentials }],
      ['/confirm', { method: 'POST', body: new URLSearchParams({ scope: 'admin' }) }],
      ['/abort', { method: 'POST' }],
      ['/switch', { method: 'POST' }],
    ] as const) {
      const page = await alice.browser.go(`${town.issuer}/interaction/${uid}${path}`, init);
      expect([400, 404], `${uid}${path}`).toContain(page.status);
    }
  }
  const page = await alice.browser.go(`${town.issuer}/interaction/nothing`);
  expect(headingOf(page)).toBe('There is nothing here any more');
  expect(page.text).toContain('Go back to the app and start again.');
});

test('another browser’s interaction shows nothing of it and cannot be answered', async () => {
  await using town = await startTown();
  const [planner, alice, mallory] = [await town.app(), town.person('alice'), town.person('mallory')];
  const request = planner.request();
  const page = await alice.open(request);
  for (const path of ['', '/login', '/abort', '/confirm']) {
    const init = path === '' ? {} : { method: 'POST', body: credentials };
    const seen = await mallory.browser.go(`${page.url}${path}`, init);
    expect(seen.url.origin).toBe(town.issuer);
    expect(isSignIn(seen) || isConsent(seen)).toBe(false);
    expect(seen.status).toBe(404);
  }
  expect(mallory.browser.cookies().has('latchkey_session')).toBe(false);

  const consent = await alice.signIn(page);
  const peek = await mallory.browser.go(consent.url);
  expect(peek.text).not.toContain('Alice Archer');
  await mallory.browser.go(`${consent.url}/confirm`, { method: 'POST', body: new URLSearchParams() });
  expect(answerOf(await alice.allow(consent))).toHaveProperty('code');
});

test('one’s own cookie does not open somebody else’s interaction', async () => {
  await using town = await startTown();
  const [planner, alice, mallory] = [await town.app(), town.person('alice'), town.person('mallory')];
  const [hers, his] = [await alice.open(planner.request()), await mallory.open(planner.request())];
  const uid = his.url.pathname.split('/')[2] ?? '';
  mallory.browser.setCookie('latchkey_interaction', uid, '/');
  const page = await mallory.browser.go(`${hers.url}/login`, { method: 'POST', body: credentials });
  expect(page.status).toBe(404);
  expect(isConsent(page)).toBe(false);
});

test('without cookies the page says so, and tells nothing of whose it is', async () => {
  await using town = await startTown();
  const [planner, alice, without] = [await town.app(), town.person('alice'), town.person('alice')];
  const request = planner.request({ login_hint: 'alice' });
  const page = await without.browser.go((await alice.open(request)).url);
  expect(page.status).toBe(404);
  expect(headingOf(page)).toBe('There is nothing here any more');
  expect(page.text).toContain('cookies');
  for (const part of ['Planner', 'alice', request.state, request.nonce]) expect(page.text).not.toContain(part);
});

test('whoever learns an address cannot take the sign-in over, not even with the cookies that name it', async () => {
  await using town = await startTown();
  const [planner, alice, thief] = [await town.app(), town.person('alice'), town.person('mallory')];
  const page = await alice.open(planner.request());
  const uid = page.url.pathname.split('/')[2] ?? '';
  for (const name of ['latchkey_interaction', 'latchkey_resume']) thief.browser.setCookie(name, uid, '/');

  const consent = await alice.signIn(page);
  expect(isConsent(await thief.browser.go(consent.url))).toBe(false);
  const resumed = await thief.browser.go(`${town.issuer}/authorize/${uid}`);
  expect(resumed.status).toBe(404);
  expect(thief.browser.cookies().has('latchkey_session')).toBe(false);
  expect(answerOf(await alice.allow(consent))).toHaveProperty('code');
});

test('a sign-in form sent twice leads on to the open consent page', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const page = await alice.open(planner.request());
  const consent = await alice.signIn(page);
  const second = await alice.signIn(page);
  expect(isConsent(second)).toBe(true);
  expect(second.url.href).toBe(consent.url.href);
  expect(answerOf(await alice.allow(second))).toHaveProperty('code');
});

test('going back after the sign-in leads forward to the open consent page', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const signIn = await alice.open(planner.request());
  const consent = await alice.signIn(signIn);
  const back = await alice.browser.go(signIn.url);
  expect(back.url.href).toBe(consent.url.href);
  expect(isConsent(back)).toBe(true);
});

test('a double click signs in once: both answers lead on', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const page = await alice.open(planner.request());
  const pages = await Promise.all([alice.signIn(page), alice.signIn(page)]);
  for (const each of pages) {
    expect(each.url.origin).toBe(town.issuer);
    expect(each.status).toBeLessThan(500);
    expect(headingOf(each)).not.toContain('went wrong');
  }
  expect(isConsent(await alice.browser.go(page.url))).toBe(true);
});

test('once the app has its answer, every old page says so and leads back to the app', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app({ client_uri: 'https://planner.example/' }), town.person('alice')];
  const signIn = await alice.open(planner.request());
  const consent = await alice.signIn(signIn);
  answerOf(await alice.allow(consent));
  for (const again of [
    () => alice.browser.go(signIn.url),
    () => alice.browser.go(consent.url),
    () => alice.signIn(signIn),
    () => alice.allow(consent),
    () => alice.deny(consent),
  ]) {
    const page = await again();
    expect(page.status).toBe(200);
    expect(headingOf(page)).toBe('You have answered this already');
    expect(link(page)).toBe('https://planner.example/');
  }
});

test('the step back to the engine, asked for again, does not fail either', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const page = await alice.open(planner.request());
  const uid = page.url.pathname.split('/')[2] ?? '';
  const consent = await alice.signIn(page);
  for (const address of [
    `/authorize/${uid}`,
    `/authorize/${consent.url.pathname.split('/')[2]}`,
    '/authorize/nothing',
  ]) {
    const again = await alice.browser.go(`${town.issuer}${address}`);
    expect(again.status).toBeLessThan(500);
  }
});

test('after an hour the page has run out, and begins again', async () => {
  using clock = stopClock();
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const request = planner.request();
  const page = await alice.open(request);
  clock.advance(3700);
  for (const late of [await alice.signIn(page), await alice.browser.go(page.url)]) {
    expect(late.status).toBe(400);
    expect(headingOf(late)).toBe('This page has run out');
    expect(isSignIn(await alice.browser.go(new URL(link(late) ?? '', town.issuer)))).toBe(true);
  }
});

test('a form sent to the wrong step goes to the step that is open', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const signIn = await alice.open(planner.request());
  const atSignIn = await alice.browser.go(`${signIn.url}/confirm`, { method: 'POST' });
  expect(isSignIn(atSignIn)).toBe(true);
  const consent = await alice.signIn(atSignIn);
  const atConsent = await alice.browser.go(`${consent.url}/login`, { method: 'POST', body: credentials });
  expect(isConsent(atConsent)).toBe(true);
});

test('the address of a form, typed or reloaded, leads to the page that the form is on', async () => {
  await using town = await startTown();
  const alice = town.person('alice');
  const page = await alice.open((await town.app()).request());
  const again = await alice.open(new URL(`${page.url.pathname}/login`, town.issuer));
  expect(again.url.pathname).toBe(page.url.pathname);
  expect(again.text).toContain('id="sign-in-submit"');
});
