import { afterEach, beforeEach, expect, test } from 'vitest';
import { formOf, hiddenFields, unescapeHtml } from '../browser.ts';
import { type SmallTown, startSmallTown } from './small-town.ts';

let town: SmallTown;
beforeEach(async () => {
  town = await startSmallTown();
});
afterEach(async () => {
  await town[Symbol.asyncDispose]();
});

test('Alice adds, ticks and deletes a todo with plain forms', async () => {
  const { browser, page } = await town.signIn();
  const added = await browser.submit(page, '/todos', { title: '  <b>Milk</b> & "bread"  ' });
  expect(added.url.pathname).toBe('/');
  expect(town.api.titles).toEqual(['<b>Milk</b> & "bread"']);
  expect(added.text).toContain('&lt;b&gt;Milk&lt;/b&gt; &amp; &#34;bread&#34;');
  const ticked = await browser.submit(added, '/todos/1/complete');
  expect(ticked.text).toContain('aria-pressed="true"');
  const deleted = await browser.submit(ticked, '/todos/1/delete');
  expect(town.api.titles).toEqual([]);
  // The page from before is sent once more: what is gone stays gone, and no error comes of it.
  expect((await browser.submit(ticked, '/todos/1/delete')).status).toBe(200);
  expect(deleted.text).toContain('Nothing to do');
});

test('a change to a todo that was deleted meanwhile is not lost: it can be added as a new one', async () => {
  const { browser, page } = await town.signIn();
  await browser.submit(page, '/todos', { title: 'Milk' });
  const editing = await browser.go(`${town.url}/?edit=1`);
  const elsewhere = await browser.go(town.url);
  await browser.submit(elsewhere, '/todos/1/delete');
  const gone = await browser.submit(editing, '/todos/1/edit', { title: 'Oat milk' });
  expect(gone.status).toBe(404);
  expect(gone.text).toContain('This todo is gone');
  expect(formOf(gone, '/todos')).toContain('value="Oat milk"');
});

test('a todo on a later page is changed on that page', async () => {
  const { browser, page } = await town.signIn();
  await browser.submit(page, '/todos', { title: 'Milk' });
  const later = await browser.go(`${town.url}/?more=%3Fcursor%3Dx`);
  const link = unescapeHtml(/href="([^"]*edit=1)"/.exec(later.text)?.[1] ?? '');
  expect(new URL(link, town.url).searchParams.get('more')).toBe('?cursor=x');
  expect(formOf(await browser.go(new URL(link, town.url)), '/todos/1/edit')).toContain('value="Milk"');
});

test('a form that is sent twice adds one todo, also at two processes at once', async () => {
  const { browser, page } = await town.signIn();
  const body = () => new URLSearchParams({ ...hiddenFields(formOf(page, '/todos')), title: 'Milk' });
  const send = (url: string) => browser.request(`${url}/todos`, { method: 'POST', body: body() });
  const answers = await Promise.all([send(town.url), send(town.secondUrl), send(town.url)]);
  expect(answers.map(({ status }) => status)).toEqual([303, 303, 303]);
  expect(town.api.titles).toEqual(['Milk']);
});

test('what the API refuses is explained, what was typed is kept, and the same form may be sent again', async () => {
  const { browser, page } = await town.signIn();
  const long = 'x'.repeat(101);
  const refused = await browser.submit(page, '/todos', { title: long });
  expect(refused.status).toBe(422);
  expect(refused.text).toContain('the title is longer than 100 characters');
  expect(refused.text).toContain(`value="${long}"`);
  await browser.submit(page, '/todos', { title: 'Milk' });
  expect(town.api.titles).toEqual(['Milk']);
});

test('an empty title is not sent', async () => {
  const { browser, page } = await town.signIn();
  expect((await browser.submit(page, '/todos', { title: '   ' })).status).toBe(422);
  expect(town.api.requests.filter(({ method }) => method === 'POST')).toEqual([]);
});

test('while the API is away there is a calm notice, and what was typed is kept', async () => {
  const { browser, page } = await town.signIn();
  town.api.instead = (request) => request.socket.destroy();
  const away = await browser.go(town.url);
  expect(away.status).toBe(200);
  expect(away.text).toContain('It is safe, and you are still signed in');
  const failed = await browser.submit(page, '/todos', { title: 'Milk' });
  expect(failed.status).toBe(503);
  expect(failed.text).toContain('value="Milk"');
  town.api.instead = undefined;
  await browser.submit(failed, '/todos', { title: 'Milk' });
  expect(town.api.titles).toEqual(['Milk']);
});

test('/api passes on what is on the lists, and nothing else', async () => {
  const { browser } = await town.signIn();
  const made = await browser.request(`${town.url}/api/todos`, {
    method: 'POST',
    headers: {
      'X-CSRF': '1',
      'Content-Type': 'application/json',
      Authorization: 'Bearer mine',
      'X-Forwarded-User': 'admin',
    },
    body: '{"title":"Milk"}',
  });
  expect(made.status).toBe(201);
  expect(made.headers.get('Location')).toBe('/api/todos/1');
  expect(made.headers.get('Set-Cookie')).toBeNull();
  expect(made.headers.get('Cache-Control')).toBe('no-store');
  expect(await made.json()).toMatchObject({ title: 'Milk' });
  const headers = town.api.requests.at(-1)?.headers;
  expect(headers?.authorization).toMatch(/^Bearer eyJ/);
  for (const name of ['cookie', 'x-forwarded-user', 'x-csrf', 'origin']) expect(headers).not.toHaveProperty(name);
  const gone = await browser.request(`${town.url}/api/todos/1`, { method: 'DELETE', headers: { 'X-CSRF': '1' } });
  expect(gone.status).toBe(204);
});

test('/api follows no redirect, and passes none on', async () => {
  const { browser } = await town.signIn();
  town.api.instead = (_request, response) => response.writeHead(302, { Location: 'https://evil.example/' }).end();
  const response = await browser.request(`${town.url}/api/todos`);
  expect(response.status).toBe(502);
  expect(response.headers.get('Location')).toBeNull();
});

test('/api takes no long request, no other method, and no request of another site', async () => {
  const { browser } = await town.signIn();
  const before = town.api.requests.length;
  const send = (init: RequestInit) =>
    browser.request(`${town.url}/api/todos`, { ...init, headers: { 'X-CSRF': '1', ...(init.headers as object) } });
  expect((await send({ method: 'POST', body: 'x'.repeat(70_000) })).status).toBe(413);
  const endless = new ReadableStream({
    pull: (controller) => controller.enqueue(new TextEncoder().encode('x'.repeat(10_000))),
  });
  const streamed = await send({ method: 'POST', body: endless, duplex: 'half' } as RequestInit).catch(() => undefined);
  expect(streamed?.status ?? 413).toBe(413);
  expect((await send({ method: 'OPTIONS' })).status).toBe(405);
  expect((await send({ headers: { 'Sec-Fetch-Site': 'cross-site' } })).status).toBe(403);
  expect(town.api.requests).toHaveLength(before);
});

test('S45: signed out, /api answers 401 as JSON and /auth/session says so', async () => {
  const response = await fetch(`${town.url}/api/todos`);
  expect(response.status).toBe(401);
  expect(response.headers.get('Content-Type')).toContain('application/json');
  expect(await response.json()).toEqual({ error: 'unauthorized', error_description: 'Not authenticated' });
  const session = await fetch(`${town.url}/auth/session`);
  expect(session.status).toBe(200);
  expect(await session.json()).toEqual({ signed_in: false });
});

test('a page from before another sign-in in the same browser writes nothing, and keeps what was typed', async () => {
  const { browser, page } = await town.signIn();
  const body = new URLSearchParams({ ...hiddenFields(formOf(page, '/todos')), title: 'Milk' });
  await browser.go(`${town.url}/auth/sign-in`);
  const own = { Origin: town.url, 'Sec-Fetch-Site': 'same-origin' };
  const answer = await browser.request(`${town.url}/todos`, { method: 'POST', body, headers: own });
  expect(answer.status).toBe(303);
  expect(town.api.titles).toEqual([]);
  const again = await browser.go(new URL(answer.headers.get('Location') ?? '', town.url));
  expect(again.text).toContain('This page was old');
  expect(again.text).toContain('value="Milk"');

  const foreign = { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' };
  const forged = await browser.request(`${town.url}/todos`, { method: 'POST', body, headers: foreign });
  expect(forged.status).toBe(403);
});
