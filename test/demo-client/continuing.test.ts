import { expect, test } from 'vitest';
import { isSignIn } from '../authorization-server/person.ts';
import { type Browser, formOf, hiddenFields } from '../browser.ts';
import { goThrough, type RealTown, startRealTown } from './real-town.ts';

const onlyReading = { query: '?scope=openid+profile+email+read:todos' };
const fieldsOf = (page: Parameters<typeof formOf>[0]) => hiddenFields(formOf(page, '/auth/continue'));

/** As if the sign-in there had ended. */
function leaveAuthorizationServer(browser: Browser): void {
  for (const name of [...browser.cookies().keys()].filter((each) => !each.startsWith('latchkey_demo')))
    browser.setCookie(name, 'gone', browser.cookies().get(name)?.path);
}

/** Bob may only read; alice may write too, but has been asked for reading alone. */
async function refused(town: RealTown, username = 'alice') {
  const { browser, page } = await town.signIn(username, onlyReading);
  const csrf = hiddenFields(formOf(page, '/auth/refresh'));
  const answer = await browser.go(`${town.url}/todos`, {
    method: 'POST',
    body: new URLSearchParams({ ...csrf, title: 'Milk', form_id: 'one' }),
    headers: { Origin: town.url, 'Sec-Fetch-Site': 'same-origin' },
  });
  return { browser, page: answer };
}

test('a refused action is asked for, with all that was granted before, and done after the person has allowed it', async () => {
  await using town = await startRealTown();
  const { browser, page } = await refused(town);
  expect(page.status).toBe(403);
  expect(page.text).toContain('This app may not do that so far');
  expect(page.text).not.toContain('write:todos</');
  expect(fieldsOf(page)).toMatchObject({ method: 'POST', path: '/api/todos', scope: 'write:todos' });

  const asked = await browser.submit(page, '/auth/continue');
  expect(asked.url.origin).toBe(town.authorizationServer.issuer);
  const done = await goThrough(browser, asked, 'alice');
  expect(done.url.href).toBe(`${town.url}/?notice=done`);
  expect(done.text).toContain('Milk');
  expect(await (await browser.request(`${town.url}/auth/session`)).json()).toMatchObject({
    scopes: ['read:todos', 'write:todos'],
  });
});

test('who leaves it unticked is told so, and is asked no second time', async () => {
  await using town = await startRealTown();
  const { browser, page } = await refused(town);
  const asked = await browser.submit(page, '/auth/continue');
  const back = await goThrough(browser, asked, 'alice', ['write:todos']);
  expect(back.url.href).toBe(`${town.url}/?notice=still-not-allowed`);
  expect(back.text).not.toContain('Milk</');
});

test('who may not grant it is not asked for it, and is told so', async () => {
  await using town = await startRealTown();
  const { browser, page } = await refused(town, 'bob');
  const back = await goThrough(browser, await browser.submit(page, '/auth/continue'), 'bob');
  expect(back.url.href).toBe(`${town.url}/?notice=still-not-allowed`);
});

test('another browser cannot finish it, and nobody can finish it twice', async () => {
  await using town = await startRealTown();
  const { browser, page } = await refused(town);
  const asked = await browser.submit(page, '/auth/continue');
  const action = /action="(\/interaction\/[^"/]+\/confirm)"/.exec(asked.text)?.[1] ?? '';
  const callback = await browser.go(new URL(action, asked.url), {
    method: 'POST',
    body: new URLSearchParams([
      ['scope', 'read:todos'],
      ['scope', 'write:todos'],
    ]),
    stopAt: (url) => url.pathname === '/auth/callback',
  });
  const stranger = await (await fetch(callback.url)).text();
  expect(stranger).toContain('This sign-in is over');
  expect((await browser.go(callback.url)).text).toContain('Milk');
  expect((await browser.go(callback.url)).text).toContain('This sign-in is over');
  const list = await browser.go(town.url);
  expect(list.text.match(/aria-label="Done: Milk"/g)).toHaveLength(1);
});

/** Alice presses a button of a page whose session has ended meanwhile, and is asked to sign in again. */
async function tooLate(town: RealTown, change: Record<string, string> = {}) {
  const { browser, page } = await town.signIn('alice');
  const session = browser.cookies().get('latchkey_demo')?.value ?? '';
  await browser.submit(page, '/auth/sign-out');
  browser.setCookie('latchkey_demo', session);
  const welcome = await browser.submit(page, '/todos', { title: 'Milk', ...change });
  expect(welcome.status).toBe(401);
  expect(welcome.text).toContain('Your sign-in has ended');
  return { browser, page: welcome };
}

test('what was begun when the session had ended goes on after the next sign-in of the same person', async () => {
  await using town = await startRealTown();
  const { browser, page } = await tooLate(town);
  const done = await goThrough(browser, await browser.submit(page, '/auth/continue'), 'alice');
  expect(done.url.href).toBe(`${town.url}/?notice=done`);
  expect(done.text).toContain('aria-label="Done: Milk"');
});

test('but not after the sign-in of anybody else', async () => {
  await using town = await startRealTown();
  const { browser, page } = await tooLate(town);
  leaveAuthorizationServer(browser);
  const back = await goThrough(browser, await browser.submit(page, '/auth/continue'), 'bob');
  expect(back.url.href).toBe(`${town.url}/?notice=not-yours`);
  expect(back.text).not.toContain('aria-label="Done: Milk"');
});

test('and not where nobody can say whose it was', async () => {
  await using town = await startRealTown();
  const { page } = await tooLate(town, { actor: 'made-up' });
  expect(page.text).not.toContain('action="/auth/continue"');
});

test('a fresh sign-in that an action needs is asked for, and the action goes on afterwards', async () => {
  await using town = await startRealTown();
  const alice = await town.signIn('alice');
  const list = await alice.browser.submit(alice.page, '/todos', { title: 'Milk' });
  const id = /data-todo="([^"]+)"/.exec(list.text)?.[1] ?? '';
  const { browser } = await town.signIn('admin', { query: '?scope=openid+profile+email+admin' });
  const action = { method: 'DELETE', path: `/api/admin/todos/${id}`, scope: 'admin', max_age: '0' };
  const asked = await browser.go(`${town.url}/auth/continue`, {
    method: 'POST',
    headers: { 'X-CSRF': '1' },
    body: new URLSearchParams(action),
  });
  expect(isSignIn(asked)).toBe(true);
  const done = await goThrough(browser, asked, 'admin');
  expect(done.url.href).toBe(`${town.url}/?notice=done`);
  expect((await alice.browser.go(town.url)).text).not.toContain('aria-label="Done: Milk"');
});

test.each([
  { method: 'DELETE', path: '/api/admin/users/1' },
  { method: 'GET', path: '/api/todos' },
  { method: 'POST', path: '//evil.example/api/todos', body: '{}' },
  { method: 'POST', path: '/api/todos', body: 'no JSON' },
  { path: '/api/todos' },
])('%j is no action of this app', async (action) => {
  await using town = await startRealTown();
  const { browser } = await town.signIn('alice');
  const answer = await browser.request(`${town.url}/auth/continue`, {
    method: 'POST',
    headers: { 'X-CSRF': '1', 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ scope: 'admin', ...action } as Record<string, string>),
  });
  expect(answer.status).toBe(400);
});

test('without a sign that it comes of our own page, nothing begins', async () => {
  await using town = await startRealTown();
  const { browser } = await town.signIn('alice');
  const body = new URLSearchParams({ scope: 'admin', method: 'POST', path: '/api/todos', body: '{"title":"x"}' });
  expect((await browser.request(`${town.url}/auth/continue`, { method: 'POST', body })).status).toBe(403);
});

test('a check finds out quietly that somebody is still signed in there, and the session goes on', async () => {
  await using town = await startRealTown();
  const { browser } = await town.signIn('alice');
  const page = await browser.go(`${town.url}/auth/check?return_to=/?x=1`);
  expect(page.url.href).toBe(`${town.url}/?x=1`);
  expect(page.text).toContain('What this app may do');
});

test('a check that finds nobody signed in there ends the session here, kindly', async () => {
  await using town = await startRealTown();
  const { browser } = await town.signIn('alice');
  leaveAuthorizationServer(browser);
  const page = await browser.go(`${town.url}/auth/check`);
  expect(page.url.href).toBe(`${town.url}/`);
  expect(page.text).toContain('Your sign-in has ended');
  expect(await (await browser.request(`${town.url}/auth/session`)).json()).toEqual({ signed_in: false });
});

test('a check that finds somebody else signs nobody in', async () => {
  await using town = await startRealTown();
  const { browser } = await town.signIn('alice');
  const session = browser.cookies().get('latchkey_demo');
  await town.signIn('bob', { query: '?prompt=login', browser });
  browser.setCookie('latchkey_demo', session?.value ?? '');
  const page = await browser.go(`${town.url}/auth/check`);
  expect(page.text).not.toContain('Bob');
});

test('a check of somebody who is not signed in here asks nobody', async () => {
  await using town = await startRealTown();
  const { browser } = await town.signIn('alice');
  browser.setCookie('latchkey_demo', 'nothing');
  const response = await browser.request(`${town.url}/auth/check?return_to=/?a`);
  expect(response.headers.get('Location')).toBe('/?a');
});
