import { request } from 'node:http';
import { expect, test } from 'vitest';
import type { Browser } from '../browser.ts';
import { startSmallTown } from './small-town.ts';

const hour = 3_600_000;

test('S32: a session ends after 12 hours without anybody there; asking for its state does not prolong it', async () => {
  await using town = await startSmallTown();
  const { browser } = await town.signIn();
  town.clockAheadMs = 11 * hour;
  expect((await browser.request(`${town.url}/`)).status).toBe(200);
  town.clockAheadMs = 22 * hour;
  expect(await state(town.url, browser)).toMatchObject({ signed_in: true });
  town.clockAheadMs = 24 * hour;
  expect(await state(town.url, browser)).toEqual({ signed_in: false });
  const page = await browser.go(town.url);
  expect(page.text).toContain('Your sign-in has ended');
  expect(browser.cookies().has('latchkey_demo')).toBe(false);
});

test('S32: both lifetimes are settings, and the cookie ends with the longer one', async () => {
  const minute = 60_000;
  const sessionLifetimes = { idleMs: 10 * minute, absoluteMs: 30 * minute };
  await using town = await startSmallTown({ settings: { sessionLifetimes } });
  const { browser } = await town.signIn();
  const ends = /expires=([^;]*)/i.exec(browser.cookies().get('latchkey_demo')?.attributes ?? '')?.[1] ?? '';
  expect(Math.abs(Date.parse(ends) - Date.now() - 30 * minute)).toBeLessThan(minute);
  for (const minutes of [8, 16, 24]) {
    town.clockAheadMs = minutes * minute;
    expect((await browser.request(`${town.url}/`)).status).toBe(200);
    expect(await state(town.url, browser)).toMatchObject({ signed_in: true });
  }
  town.clockAheadMs = 31 * minute;
  expect(await state(town.url, browser)).toEqual({ signed_in: false });
});

test('S32: it ends after 14 days, however busy it is', async () => {
  await using town = await startSmallTown();
  const { browser } = await town.signIn();
  for (let hours = 10; hours < 14 * 24; hours += 10) {
    town.clockAheadMs = hours * hour;
    await browser.request(`${town.url}/`);
  }
  expect(await state(town.url, browser)).toMatchObject({ signed_in: true });
  town.clockAheadMs = 14 * 24 * hour + 1;
  expect(await state(town.url, browser)).toEqual({ signed_in: false });
});

test('S41: on https every cookie is Secure under the __Host- prefix, also behind a proxy that ends TLS', async () => {
  await using town = await startSmallTown({ settings: { publicUrl: 'https://todos.example' } });
  const signIn = await ask(town.url, '/auth/sign-in', 'GET');
  expect(signIn.status).toBe(303);
  expect(signIn.cookies).toEqual([
    expect.stringMatching(
      /^__Host-latchkey_demo_sign_in_[\w-]+=[\w-]{43}; path=\/; expires=.*; samesite=lax; secure; httponly$/,
    ),
  ]);
  expect(new URL(signIn.location).searchParams.get('redirect_uri')).toBe('https://todos.example/auth/callback');
  const signOut = await ask(town.url, '/auth/sign-out', 'POST');
  expect(signOut.cookies).toEqual([
    expect.stringMatching(
      /^__Host-latchkey_demo=; path=\/; expires=Thu, 01 Jan 1970 .*; samesite=strict; secure; httponly$/,
    ),
  ]);
  expect(signOut.transportSecurity).toContain('max-age=');
});

async function state(url: string, browser: Browser): Promise<unknown> {
  return (await browser.request(`${url}/auth/session`)).json();
}

/** As a proxy would: the connection is plain, the name is the public one. */
async function ask(url: string, path: string, method: string) {
  const headers = { Host: 'todos.example', Origin: 'https://todos.example', 'X-CSRF': '1' };
  const { promise, resolve, reject } = Promise.withResolvers<Awaited<ReturnType<typeof read>>>();
  request(url + path, { method, headers }, (response) => resolve(read(response.resume())))
    .on('error', reject)
    .end();
  return promise;
}

function read({ statusCode, headers }: Parameters<NonNullable<Parameters<typeof request>[2]>>[0]) {
  return {
    status: statusCode,
    cookies: headers['set-cookie'] ?? [],
    location: headers.location ?? '',
    transportSecurity: headers['strict-transport-security'],
  };
}
