import { mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDemoClock } from '@latchkey/demo-clock';
import { expect, test } from 'vitest';
import { readDemoClientSettings } from '../../apps/demo-client/src/settings.ts';
import { openBrowser } from '../browser.ts';
import { startRealTown } from './real-town.ts';

const picture = { FLOW_REPORTS_SECRET: 'what the apps of this story show when they tell' };

test('the clock of all apps is moved forward from the page, by form and by script, and whoever looks on is told', async () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'flow-clock-'));
  const clock = openDemoClock(join(folder.path, 'demo-clock'));
  await using town = await startRealTown({ ...picture, DEMO_CLOCK_FILE: join(folder.path, 'demo-clock') });
  const browser = openBrowser();
  const page = await browser.go(`${town.url}/flow`);
  const events = await browser.request(`${town.url}/flow/events`);
  const reader = events.body?.pipeThrough(new TextDecoderStream()).getReader();

  expect((await browser.submit(page, '/flow/clock', { seconds: '60' })).url.pathname).toBe('/flow');
  expect(clock.aheadMs()).toBe(60_000);
  let seen = '';
  while (!seen.includes('"clockAheadMs":60000')) seen += (await reader?.read())?.value ?? '';
  await reader?.cancel();

  const move = (seconds: string, headers: Record<string, string> = { 'X-CSRF': '1' }) =>
    browser.request(`${town.url}/flow/clock`, { method: 'POST', headers, body: new URLSearchParams({ seconds }) });
  expect(await (await move('300')).json()).toEqual({ ahead_ms: 360_000 });
  for (const seconds of ['', '0', '-60', '1.5', '1e3', 'soon', '99999999'])
    expect((await move(seconds)).status).toBe(400);
  expect((await move('60', {})).status).toBe(403);
  expect((await move('60', { 'X-CSRF': '1', 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403);
  expect(clock.aheadMs()).toBe(360_000);
});

test('where there is no clock there is nothing to move, and production refuses the setting', async () => {
  await using town = await startRealTown(picture);
  expect((await openBrowser().go(`${town.url}/flow`)).text).not.toContain('/flow/clock');
  const init = { method: 'POST', headers: { 'X-CSRF': '1' }, body: new URLSearchParams({ seconds: '60' }) };
  expect((await fetch(`${town.url}/flow/clock`, init)).status).toBe(404);
  expect(() => readDemoClientSettings({ NODE_ENV: 'production', DEMO_CLOCK_FILE: 'demo-clock' })).toThrow(
    /DEMO_CLOCK_FILE.*demonstrations/,
  );
});

test('a picture can be taken away in every form, each without a secret, and a request as a command', async () => {
  await using town = await startRealTown(picture);
  const { browser } = await town.signIn('alice', { query: '?return_to=/flow' });
  const type = async (path: string) => (await browser.request(town.url + path)).headers.get('Content-Type');
  expect(await type('/flow/run.har')).toContain('json');
  expect(await type('/flow/picture.svg')).toContain('image/svg+xml');
  const { log } = await (await browser.request(`${town.url}/flow/run.har`)).json();
  expect(log.entries.length).toBeGreaterThan(3);
  const svg = await (await browser.request(`${town.url}/flow/picture.svg`)).text();
  expect(svg).toMatch(/^<svg xmlns[\s\S]*POST \/token[\s\S]*<\/svg>$/);
  const run = await (await browser.request(`${town.url}/flow/run.json`)).json();
  const swap = run.exchanges.find(({ step }: { step: string }) => step === 'token-exchange');
  const command = await (await browser.request(`${town.url}/flow/curl?id=${swap.id}`)).text();
  expect(command).toContain(`--data-urlencode 'code_verifier='"$CODE_VERIFIER"`);
  expect((await browser.request(`${town.url}/flow/curl?id=another`)).status).toBe(404);
});
