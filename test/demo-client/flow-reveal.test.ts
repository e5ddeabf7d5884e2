import { afterAll, beforeAll, expect, test } from 'vitest';
import type {
  PresentedExchange,
  PresentedValue,
  RecordedRun,
} from '../../apps/demo-client/src/flow/presented-exchange.ts';
import { type Browser, openBrowser, type Page } from '../browser.ts';
import { type RealTown, startRealTown } from './real-town.ts';

let town: RealTown;
let alice: { browser: Browser; page: Page };

beforeAll(async () => {
  town = await startRealTown({ FLOW_REPORTS_SECRET: 'what the apps of this story show when they tell' });
  alice = await town.signIn('alice', { query: '?return_to=/flow' });
});
afterAll(() => town[Symbol.asyncDispose]());

const byScript = { method: 'POST', headers: { 'X-CSRF': '1' } };

async function exchanges(browser: Browser): Promise<readonly PresentedExchange[]> {
  return ((await (await browser.request(`${town.url}/flow/run.json`)).json()) as RecordedRun).exchanges;
}

async function secretsNamed(name: string): Promise<Extract<PresentedValue, { kind: 'secret' }>[]> {
  const parts = (await exchanges(alice.browser)).flatMap(({ request, answer }) => [
    ...[...request.parameters, ...request.headers],
    ...(answer ? [...answer.parameters, ...answer.headers] : []),
  ]);
  return parts.flatMap(({ name: found, value }) => (found === name && value.kind === 'secret' ? [value] : []));
}

const reveal = (browser: Browser, hash: string | undefined) =>
  browser.request(`${town.url}/flow/reveal?hash=${hash}`, byScript);

test('a spent verifier is shown to whose picture it is, with the challenge that it answers, and to nobody else', async () => {
  const [verifier] = await secretsNamed('code_verifier');
  const answer = await (await reveal(alice.browser, verifier?.hash)).json();
  expect(answer).toMatchObject({ value: expect.stringMatching(/^[\w-]{43}$/) });
  const request = (await exchanges(alice.browser)).find(({ step }) => step === 'authorization-request');
  expect(request?.request.parameters.find(({ name }) => name === 'code_challenge')?.value).toEqual({
    kind: 'text',
    text: answer.challenge,
  });
  const { browser: bobs } = await town.signIn('bob', { query: '?return_to=/flow' });
  expect((await reveal(bobs, verifier?.hash)).status).toBe(404);
  expect((await reveal(openBrowser(), verifier?.hash)).status).toBe(404);
});

test('what could still be used is not shown, and it is said when it will be', async () => {
  for (const [name, words] of [
    ['access_token', 'a minute after it has run out'],
    ['refresh_token', 'once it was replaced'],
  ] as const) {
    const [live] = await secretsNamed(name);
    const response = await reveal(alice.browser, live?.hash);
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ error_description: expect.stringContaining(words) });
  }
  for (const name of ['id_token', 'Authorization', 'authorization', 'state'])
    for (const { hash } of await secretsNamed(name))
      expect([403, 404]).toContain((await reveal(alice.browser, hash)).status);
});

test('a form shows it on the page, in its place; another site gets nothing', async () => {
  const page = await alice.browser.go(`${town.url}/flow`);
  const [verifier] = await secretsNamed('code_verifier');
  const action = `/flow/reveal?hash=${verifier?.hash}`;
  const shown = await alice.browser.submit(page, action);
  expect(shown.status).toBe(200);
  expect(shown.text).toContain('The request carried just this as');
  const foreign = { method: 'POST', headers: { 'X-CSRF': '1', Origin: 'https://evil.example' } };
  expect((await alice.browser.request(town.url + action, foreign)).status).toBe(403);
  expect((await alice.browser.request(town.url + action, { method: 'POST' })).status).toBe(403);
});

test('once a refresh token and its successor were used, the first is shown', async () => {
  const [first] = await secretsNamed('refresh_token');
  for (const _ of ['once', 'twice']) await alice.browser.request(`${town.url}/auth/refresh`, byScript);
  const answer = await (await reveal(alice.browser, first?.hash)).json();
  expect(answer).toMatchObject({ hash: first?.hash });
  expect(answer.value).toHaveLength(first?.length ?? 0);
});
