import type { Report } from '@latchkey/flow-reports';
import { expect, test } from 'vitest';
import { authorizationServerSettings } from '../../apps/authorization-server/src/settings.ts';
import type { PresentedExchange, RecordedRun } from '../../apps/demo-client/src/flow/presented-exchange.ts';
import { readDemoClientSettings } from '../../apps/demo-client/src/settings.ts';
import { readTodosApiSettings } from '../../apps/todos-api/src/settings.ts';
import { type Browser, openBrowser } from '../browser.ts';
import { type RealTown, startRealTown } from './real-town.ts';

const secret = 'what the apps of this story show when they tell';
const startFlowTown = () => startRealTown({ FLOW_REPORTS_SECRET: secret });

async function runOf(browser: Browser, town: RealTown): Promise<readonly PresentedExchange[]> {
  const run = (await (await browser.request(`${town.url}/flow/run.json`)).json()) as RecordedRun;
  return run.exchanges;
}

/** The run, once all have told what is looked for: they tell a moment after they have answered. */
async function untilTold(browser: Browser, town: RealTown, told: (run: readonly PresentedExchange[]) => boolean) {
  await expect.poll(async () => told(await runOf(browser, town)), { timeout: 5_000 }).toBe(true);
  return runOf(browser, town);
}

const step = (run: readonly PresentedExchange[], name: string) => run.filter((each) => each.step === name);
const arrows = (run: readonly PresentedExchange[]) =>
  run.map(({ from, to, channel, request }) => `${from} ${channel === 'front' ? '→' : '⇢'} ${to}: ${request.label}`);
const checksBy = (exchange: PresentedExchange | undefined, by: string) =>
  (exchange?.checks ?? []).filter((check) => check.by === by).map(({ name, outcome }) => `${name} ${outcome}`);

test('S38, S44: a sign-in is the picture that every book draws, out of the messages that really passed', async () => {
  await using town = await startFlowTown();
  const { browser } = await town.signIn('alice', { query: '?return_to=/flow' });
  await browser.go(town.url);
  const run = await untilTold(browser, town, (told) => {
    const toldBy = (name: string, by: string) =>
      step(told, name).some(({ answer, checks }) => answer && checks.some((check) => check.by === by));
    const server = 'authorization-server';
    return toldBy('token-exchange', server) && toldBy('api-call', 'api') && toldBy('authorization-request', server);
  });
  const drawn = arrows(run.filter((each) => each.step !== 'keys'));
  expect(drawn.slice(0, 2)).toEqual([
    'browser → client: GET /auth/sign-in',
    'browser → authorization-server: GET /authorize',
  ]);
  const back = drawn.indexOf('browser → client: GET /auth/callback');
  expect(drawn.slice(2, back).every((arrow) => arrow.includes('authorization-server: '))).toBe(true);
  expect(drawn.slice(back)).toEqual([
    'browser → client: GET /auth/callback',
    'client ⇢ authorization-server: POST /token',
    'browser → client: GET /',
    'client ⇢ api: GET /api/todos',
  ]);

  const [request] = step(run, 'authorization-request');
  for (const name of ['client_id', 'redirect_uri', 'scope', 'state', 'code_challenge'])
    expect(request?.request.parameters.map((part) => part.name)).toContain(name);
  const [exchange] = step(run, 'token-exchange');
  expect(checksBy(exchange, 'authorization-server')).toEqual([
    'client passed',
    'client_authentication passed',
    'pkce passed',
    'redirect_uri passed',
    'code passed',
    'account passed',
  ]);
  expect(checksBy(exchange, 'client')).toEqual(['nonce passed', 'id_token passed']);
  expect(checksBy(step(run, 'authorization-answer')[0], 'client')).toEqual(['state passed', 'iss passed']);
  expect(checksBy(step(run, 'api-call').at(-1), 'api')).toContain('signature passed');
  expect(exchange?.causedBy).toBe(step(run, 'authorization-answer')[0]?.id);
});

test('S32: whatever the picture shows, no token, verifier, password or secret of the client reaches a browser', async () => {
  await using town = await startFlowTown();
  const { browser } = await town.signIn('alice', { query: '?return_to=/flow' });
  await browser.go(town.url);
  await browser.request(`${town.url}/auth/refresh`, { method: 'POST', headers: { 'X-CSRF': '1' } });
  await untilTold(browser, town, (told) => step(told, 'refresh').length === 2 && told.every(({ answer }) => answer));
  for (const path of ['', '/run.json', '/run.mmd', '/run.har', '/picture.svg'])
    await browser.go(`${town.url}/flow${path}`);

  // What the authorization server has told the collector is all that there is to hide.
  const told = town.arrivals.flatMap(({ path, body }) =>
    path === '/flow/reports' ? (JSON.parse(body) as Report[]) : [],
  );
  const hidden = told
    .filter(({ request }) => request.url.endsWith('/token'))
    .flatMap(({ request, answer }) => {
      const form = new URLSearchParams(request.body);
      const tokens = JSON.parse(answer?.body ?? '{}') as Record<string, string>;
      const client = request.headers.find(([name]) => name === 'authorization')?.[1].slice('Basic '.length) ?? '';
      const [, clientSecret] = Buffer.from(client, 'base64').toString().split(':');
      const { access_token, refresh_token, id_token } = tokens;
      return [
        form.get('code_verifier'),
        form.get('refresh_token'),
        access_token,
        refresh_token,
        id_token,
        clientSecret,
      ];
    });
  const secrets = [...new Set([...hidden, 'alice-password', secret])].filter((each) => typeof each === 'string');
  expect(secrets.length).toBeGreaterThanOrEqual(9);
  for (const each of secrets)
    expect(
      browser.seen.filter((text) => text.includes(each)),
      each,
    ).toEqual([]);
  expect(browser.seen.join('\n')).not.toMatch(/eyJ[\w-]+\.eyJ[\w-]+\.[\w-]{20,}/);
});

test('each browser has a picture of its own', async () => {
  await using town = await startFlowTown();
  const alice = await town.signIn('alice', { query: '?return_to=/flow' });
  const bob = await town.signIn('bob', { query: '?return_to=/flow' });
  const [hers, his] = [await runOf(alice.browser, town), await runOf(bob.browser, town)];
  const ids = new Set(hers.map(({ id }) => id));
  expect(hers.length).toBeGreaterThan(3);
  expect(his.filter(({ id }) => ids.has(id))).toEqual([]);
  expect(await runOf(openBrowser(), town)).toEqual([]);
});

test('a refusal is told by whoever refuses, with the check that failed and none after it', async () => {
  await using town = await startFlowTown();
  const { browser } = await town.signIn('bob', { query: '?scope=openid+read:todos&return_to=/flow' });
  await browser.request(`${town.url}/api/todos`, {
    method: 'POST',
    headers: { 'X-CSRF': '1', 'Content-Type': 'application/json' },
    body: '{"title":"Milk"}',
  });
  const run = await untilTold(browser, town, (told) =>
    told.some(({ to, checks }) => to === 'api' && checks.length > 0),
  );
  const refused = run.find(({ to }) => to === 'api');
  expect(refused).toMatchObject({ outcome: 'refused', title: expect.stringContaining('Missing required scope') });
  expect(checksBy(refused, 'api').slice(-2)).toEqual(['exp passed', 'scope failed']);

  const page = await browser.go(`${town.authorizationServer.issuer}/authorize?client_id=nobody&response_type=code`);
  expect(page.status).toBe(400);
  const again = await untilTold(
    browser,
    town,
    (told) =>
      told.some(
        ({ request }) =>
          request.label === 'GET /authorize' &&
          request.parameters.some(({ value }) => value.kind === 'text' && value.text === 'nobody'),
      ) && (told.at(-1)?.checks.length ?? 0) > 0,
  );
  expect(checksBy(again.at(-1), 'authorization-server')).toEqual(['client failed']);
});

test('the stream tells of changes, resumes where it broke off, and says when all is gone', async () => {
  await using town = await startFlowTown();
  const { browser, page } = await town.signIn('alice', { query: '?return_to=/flow' });
  const listen = async (lastId?: string) => {
    const headers = { ...(lastId !== undefined && { 'Last-Event-ID': lastId }) };
    const response = await browser.request(`${town.url}/flow/events`, { headers });
    expect(response.headers.get('Content-Type')).toContain('text/event-stream');
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('event: state')) text += (await reader?.read())?.value ?? '';
    await reader?.cancel();
    return { events: text.match(/event: \w+/g) ?? [], lastId: /.*^id: (\d+)/ms.exec(text)?.[1] };
  };
  await untilTold(
    browser,
    town,
    (told) => told.every(({ answer }) => answer) && step(told, 'sign-in-and-consent').length >= 4,
  );
  const first = await listen();
  expect(first.events.filter((event) => event === 'event: exchange').length).toBeGreaterThan(3);
  const second = await listen(first.lastId);
  // NOTE: somebody may have told a little more meanwhile.
  expect(second.events.length).toBeLessThan(first.events.length);
  await browser.submit(page, '/flow/clear');
  expect((await listen(first.lastId)).events).toContain('event: cleared');
  expect((await listen('999999')).events).toContain('event: cleared');
});

test('nobody but the other apps may tell what passes, and nothing that they send is an error of ours', async () => {
  await using town = await startFlowTown();
  const tell = (body: string, authorization = `Bearer ${secret}`) =>
    fetch(`${town.url}/flow/reports`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', authorization },
      body,
    });
  expect((await tell('[]', 'Bearer something')).status).toBe(401);
  expect((await tell('[]', '')).status).toBe(401);
  for (const body of ['{}', '[1]', '[{"id":1}]', 'x']) expect((await tell(body)).status).toBe(400);
  expect((await tell('[]')).status).toBe(204);
});

test('without the setting there is no picture, and production refuses the setting in every app', async () => {
  await using town = await startRealTown();
  expect((await fetch(`${town.url}/flow`)).status).toBe(404);
  const { page } = await town.signIn('alice');
  expect(page.text).not.toContain('/flow');
  const environment = {
    NODE_ENV: 'production',
    FLOW_REPORTS_SECRET: 's'.repeat(40),
    FLOW_REPORTS_URL: 'https://todos.example/flow/reports',
  };
  for (const read of [readDemoClientSettings, readTodosApiSettings, authorizationServerSettings])
    expect(() => read(environment)).toThrow(/FLOW_REPORTS_SECRET.*demonstrations/);
});
