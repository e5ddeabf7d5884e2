import { readFileSync } from 'node:fs';
import { openDatabase } from '@latchkey/database';
import { dumpOf } from '@latchkey/database/testing';
import { resolveFromRoot } from '@latchkey/settings';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openBrowser } from '../browser.ts';
import { type SmallTown, startSmallTown } from './small-town.ts';

let town: SmallTown;
beforeEach(async () => {
  town = await startSmallTown();
});
afterEach(async () => {
  await town[Symbol.asyncDispose]();
});

/** Every token that passed between the servers in this story. */
function tokens(): string[] {
  const bearers = town.api.requests.map(({ headers }) => headers.authorization?.slice('Bearer '.length) ?? '');
  return [...bearers, ...town.authorizationServer.issued].filter((token) => token !== '');
}

test('S32: no token ever reaches the browser: not in a page, not in script, not in a cookie', async () => {
  const { browser, page } = await town.signIn();
  await browser.submit(page, '/todos', { title: 'Milk' });
  await browser
    .request(`${town.url}/api/todos`)
    .then((response) => response.text().then((text) => browser.seen.push(text)));
  const session = await browser.request(`${town.url}/auth/session`);
  browser.seen.push(await session.text());
  town.clockAheadMs = 301_000;
  const refresh = await browser.request(`${town.url}/auth/refresh`, { method: 'POST', headers: { 'X-CSRF': '1' } });
  browser.seen.push(await refresh.text());
  await browser.go(town.url);
  browser.seen.push(...[...browser.cookies().values()].map(({ value }) => value));
  await browser.submit(page, '/auth/sign-out');

  expect(tokens().length).toBeGreaterThan(8);
  const everything = browser.seen.join('\n');
  for (const token of tokens()) {
    expect(everything).not.toContain(token);
    expect(everything).not.toContain(token.split('.')[2] || token);
  }
  expect(everything).not.toContain('eyJ');
});

test('S32: whoever steals the database gets neither token nor cookie nor name', async () => {
  const { browser } = await town.signIn();
  const cookie = browser.cookies().get('latchkey_demo')?.value ?? '';
  await using database = await openDatabase({ ...town.place, migrations: resolveFromRoot('db/demo-client') });
  const rows = (await dumpOf(database)).map(({ place, value }) => `${place} ${value}`);
  const files = town.place.url ? [] : ['', '-wal'].map((end) => readFileSync(town.place.file + end).toString('latin1'));
  const stolen = [...rows, ...files].join('\n');
  expect(stolen).toContain('sessions');
  for (const secret of [...tokens(), cookie, 'alice', 'example.org']) expect(stolen).not.toContain(secret);
});

test('every page is kept out of caches and carries the security headers', async () => {
  const { page } = await town.signIn();
  const browser = openBrowser();
  for (const answer of [
    page,
    await browser.go(town.url),
    await browser.go(`${town.url}/auth/signed-out`),
    await browser.go(`${town.url}/nowhere`),
  ]) {
    expect(answer.headers.get('Cache-Control')).toBe('no-store');
    expect(answer.headers.get('Content-Security-Policy')).toContain("default-src 'none'");
    expect(answer.headers.get('X-Content-Type-Options')).toBe('nosniff');
  }
});

test.each<[string, Record<string, string>]>([
  ['neither header nor token', {}],
  ['a foreign origin', { Origin: 'https://evil.example', 'X-CSRF': '1' }],
  ['the null origin', { Origin: 'null', 'X-CSRF': '1' }],
  ['another port of localhost', { Origin: 'http://localhost:1', 'X-CSRF': '1' }],
  ['a cross-site request', { 'Sec-Fetch-Site': 'cross-site', 'X-CSRF': '1' }],
  ['a same-site request', { 'Sec-Fetch-Site': 'same-site', 'X-CSRF': '1' }],
  ['another value of the header', { 'X-CSRF': 'yes' }],
])('a write with %s is refused with 403, wherever it goes', async (_what, headers) => {
  const { browser } = await town.signIn();
  const before = town.api.requests.length;
  const writes = [
    ['POST', '/todos'],
    ['POST', '/todos/1/complete'],
    ['POST', '/todos/1/delete'],
    ['POST', '/api/todos'],
    ['DELETE', '/api/todos/1'],
    ['POST', '/auth/refresh'],
    ['POST', '/auth/sign-out'],
  ] as const;
  for (const [method, path] of writes) {
    const response = await browser.request(town.url + path, { method, headers });
    expect([path, response.status]).toEqual([path, 403]);
  }
  expect(town.api.requests).toHaveLength(before);
  expect(await (await browser.request(`${town.url}/auth/session`)).json()).toMatchObject({ signed_in: true });
});

test("a form token of another person's session writes nothing", async () => {
  const { page: foreign } = await town.signIn();
  const { browser } = await town.signIn();
  const answer = await browser.submit(foreign, '/todos', { title: 'Milk' });
  expect(answer.text).toContain('Nothing was changed');
  expect(town.api.titles).toEqual([]);
});
