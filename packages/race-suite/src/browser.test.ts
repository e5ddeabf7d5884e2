import { expect, test } from 'vitest';
import { createBrowser } from './browser.ts';
import type { Traffic } from './traffic.ts';

const origin = 'https://id.example';
const redirectUri = 'https://app.example/callback';

/** A server that answers by path, and notes which cookies came. */
function scripted(answers: Record<string, HeadersInit>) {
  const cookies: (string | undefined)[] = [];
  const traffic = {
    requests: 0,
    async send(url, init) {
      cookies.push(new Headers(init?.headers).get('cookie') ?? undefined);
      const headers = new Headers(answers[new URL(url).pathname]);
      return { status: headers.has('location') ? 303 : 200, headers, text: 'a page' };
    },
    ask: () => Promise.reject(new Error('not asked for')),
  } satisfies Traffic;
  return { cookies, browser: createBrowser({ traffic, redirectUri, origin, cookie: 'session=1; theme=a=b' }) };
}

test('redirects are followed up to the redirect URI, which is not visited', async () => {
  const { browser, cookies } = scripted({
    '/authorize': { location: '/resume', 'set-cookie': 'session=2; Path=/; HttpOnly' },
    '/resume': { location: `${redirectUri}?code=x`, 'set-cookie': 'theme=; Max-Age=0' },
  });
  const { url, isCallback } = await browser.go(new URL('/authorize', origin));
  expect([url.href, isCallback]).toEqual([`${redirectUri}?code=x`, true]);
  expect(cookies).toEqual(['session=1; theme=a=b', 'session=2; theme=a=b']);
  await browser.go(new URL('/elsewhere', origin));
  expect(cookies.at(-1)).toBe('session=2');
});

test('a page where somebody would have to answer is where it ends', async () => {
  const { browser } = scripted({});
  expect(await browser.go(new URL('/authorize', origin))).toMatchObject({ isCallback: false, status: 200 });
});

test('the cookies go to no other server', async () => {
  const { browser, cookies } = scripted({ '/authorize': { location: 'https://elsewhere.example/' } });
  await expect(browser.go(new URL('/authorize', origin))).rejects.toThrow('https://elsewhere.example');
  expect(cookies).toHaveLength(1);
});

test('a circle ends', async () => {
  const { browser } = scripted({ '/authorize': { location: '/authorize' } });
  await expect(browser.go(new URL('/authorize', origin))).rejects.toThrow('in circles');
});
