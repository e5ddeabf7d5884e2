import { expect, test } from 'vitest';
import { rawRequest } from '../todos-api/raw-request.ts';
import { startTown, type Town } from './town.ts';

const html = { accept: 'text/html' };
const json = { accept: 'application/json' };

test('a foreign Host is refused, and appears nowhere in the answer', async () => {
  await using town = await startTown();
  const paths = [
    '/',
    '/.well-known/openid-configuration',
    '/authorize?client_id=x',
    '/nowhere',
    '/interaction/x',
    '/jwks',
  ];
  for (const host of ['evil.example', 'evil.example:3000', 'localhost:1', 'localhost.evil.example', 'x y']) {
    for (const path of paths) {
      const answer = await rawRequest(`${town.issuer}${path}`, { host });
      expect([400, 421], `${host}${path}`).toContain(answer.status);
      expect(`${JSON.stringify(answer.headers)}${answer.body}`).not.toContain('evil.example');
    }
  }
});

test('X-Forwarded-Host and its kin count for nothing without a trusted proxy', async () => {
  await using town = await startTown();
  const answer = await rawRequest(`${town.issuer}/.well-known/openid-configuration`, {
    'x-forwarded-host': 'evil.example',
    'x-forwarded-proto': 'https',
    forwarded: 'host=evil.example;proto=https',
  });
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.body)).toMatchObject({ issuer: town.issuer, token_endpoint: `${town.issuer}/token` });
  expect(answer.body).not.toContain('evil.example');
});

test('behind a trusted proxy the forwarded host must still be the issuer’s', async () => {
  await using town = await startTown({ TRUST_PROXY: '1' });
  const address = `${town.issuer}/.well-known/openid-configuration`;
  const own = new URL(town.issuer).host;
  expect((await rawRequest(address, { 'x-forwarded-host': 'evil.example' })).status).toBe(421);
  const answer = await rawRequest(address, { host: 'internal:3000', 'x-forwarded-host': own });
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.body)).toMatchObject({ token_endpoint: `${town.issuer}/token` });
});

test('who comes by 127.0.0.1 or [::1] is taken to localhost, whatever they asked for', async () => {
  await using town = await startTown();
  const { port } = new URL(town.issuer);
  for (const host of [`127.0.0.1:${port}`, `[::1]:${port}`]) {
    for (const path of ['/', '/authorize?client_id=a%20b&x=%E2%9C%93', '//evil.example/', '/\\evil.example']) {
      const answer = await rawRequest(`${town.issuer}${path}`, { host });
      expect(answer.status, path).toBe(308);
      expect(answer.headers.location, path).toMatch(new RegExp(`^${town.issuer}/`));
    }
  }
  const answer = await rawRequest(`http://127.0.0.1:${port}/token?a=1`, {}, 'POST');
  expect(answer.headers.location).toBe(`${town.issuer}/token?a=1`);
});

test('probes answer by whatever address they come', async () => {
  await using town = await startTown();
  for (const path of ['/livez', '/readyz', '/metrics']) {
    const answer = await rawRequest(`${town.issuer}${path}`, { host: '10.0.0.7:9000' });
    expect(answer.status, path).toBe(200);
  }
});

async function answersOfEveryKind(town: Town): Promise<[string, Response][]> {
  const planner = await town.app();
  const post = (path: string, body: URLSearchParams) =>
    fetch(`${town.issuer}${path}`, { method: 'POST', body, redirect: 'manual' });
  const get = (path: string, headers: Record<string, string>) =>
    fetch(`${town.issuer}${path}`, { headers, redirect: 'manual' });
  return [
    ['page', await get('/', html)],
    ['redirect to a page', await fetch(planner.request().url, { redirect: 'manual' })],
    ['redirect to an app', await fetch(planner.request({ prompt: 'none' }).url, { redirect: 'manual' })],
    ['page that moves on', await fetch(planner.request({ prompt: 'none', response_mode: 'form_post' }).url)],
    ['error page', await get('/authorize?client_id=unknown', html)],
    ['lost page', await get('/interaction/nothing', html)],
    ['sign-out page', await get('/logout', html)],
    ['device page', await get('/device', html)],
    ['discovery', await get('/.well-known/openid-configuration', json)],
    ['keys', await get('/jwks', json)],
    ['token error', await post('/token', new URLSearchParams({ grant_type: 'x' }))],
    ['userinfo error', await get('/userinfo', json)],
    ['registration error', await post('/register', new URLSearchParams())],
    ['404 as a page', await get('/nowhere', html)],
    ['404 as JSON', await get('/nowhere', json)],
    ['probe', await get('/livez', json)],
    ['stylesheet', await get(/\/assets\/[^"]*css/.exec(await (await get('/', html)).text())?.[0] ?? '', {})],
    ['other host', await fetch(town.issuer.replace('localhost', '127.0.0.1'), { redirect: 'manual' })],
  ];
}

test('every kind of answer carries the security headers, and no form-action', async () => {
  await using town = await startTown();
  for (const [kind, { headers }] of await answersOfEveryKind(town)) {
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy, kind).toContain("default-src 'none'");
    expect(policy, kind).toContain("frame-ancestors 'none'");
    expect(policy, kind).not.toContain('form-action');
    expect(policy, kind).not.toContain('unsafe');
    expect(headers.get('x-content-type-options'), kind).toBe('nosniff');
    expect(headers.get('x-frame-options'), kind).toBe('DENY');
    expect(headers.get('referrer-policy'), kind).toBe('no-referrer');
    expect(headers.get('cross-origin-opener-policy'), kind).toBe('same-origin');
    expect(headers.has('x-powered-by'), kind).toBe(false);
    expect(headers.has('strict-transport-security'), kind).toBe(false);
  }
});

test('pages are never cached', async () => {
  await using town = await startTown();
  for (const [kind, { headers }] of await answersOfEveryKind(town)) {
    if (headers.get('content-type')?.startsWith('text/html')) {
      expect(headers.get('cache-control'), kind).toContain('no-store');
    }
  }
});

test('what is nowhere is a page for people and JSON for programs', async () => {
  await using town = await startTown();
  const page = await fetch(`${town.issuer}/nowhere`, { headers: html });
  expect(page.status).toBe(404);
  expect(await page.text()).toContain('There is nothing here');
  const answer = await fetch(`${town.issuer}/nowhere`, { headers: json });
  expect(answer.status).toBe(404);
  expect(await answer.json()).toMatchObject({ error: 'not_found' });
});

test('a browser’s own error page shows code and reason, and a reference instead of the cause', async () => {
  await using town = await startTown();
  const planner = await town.app();
  const address = planner.request({ redirect_uri: 'https://evil.example/<script>' }).url;
  const page = await (await fetch(address, { headers: html })).text();
  expect(page).toContain('<code>invalid_redirect_uri</code>');
  expect(page).toContain('redirect_uri did not match');
  expect(page).toMatch(/<code>[0-9a-f]{12}<\/code>/);
  expect(page).not.toContain('<script>"');
  expect(page).not.toContain('evil.example');
});

test('requests are counted by route and tokens by grant type, whatever the path was written like', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const tokens = await alice.connect(planner);
  await planner.refresh(tokens.refresh_token);
  await planner.refresh('unknown');
  await planner.token({ grant_type: '"}\nmade_up 1' });
  for (const path of ['/jwks', '/JWKS', '/jwks/']) await fetch(town.issuer + path);
  for (const path of ['/nowhere', '/nowhere/else', '/.env']) await fetch(town.issuer + path);

  const text = await (await fetch(`${town.issuer}/metrics`)).text();
  const count = (name: string, ...labels: string[]) =>
    text
      .split('\n')
      .filter((line) => line.startsWith(`${name}{`) && labels.every((label) => line.includes(label)))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
  expect(count('http_requests_total', 'route="/jwks"', 'status="200"')).toBe(3);
  expect(count('http_requests_total', 'route="/token"', 'method="POST"')).toBe(4);
  expect(count('http_requests_total', 'route="/authorize"')).toBe(1);
  expect(count('http_requests_total', 'route="/interaction/:uid/login"')).toBe(1);
  expect(count('token_responses_total', 'grant_type="authorization_code"', 'outcome="success"')).toBe(1);
  expect(count('token_responses_total', 'grant_type="refresh_token"', 'outcome="success"')).toBe(1);
  expect(count('token_responses_total', 'grant_type="refresh_token"', 'outcome="invalid_grant"')).toBe(1);
  expect(text).not.toContain('nowhere');
  expect(text).not.toContain('made_up');
  expect(text).not.toContain(planner.id);
});

test('one parameter as often as a request line can hold it takes no time', async () => {
  await using town = await startTown();
  const query = '&a='.repeat(5_000);
  const started = performance.now();
  for (let round = 0; round < 10; round++) {
    const answer = await fetch(`${town.metadata.authorization_endpoint}?${query}`, { redirect: 'manual' });
    expect(answer.status).toBeLessThan(500);
    await answer.text();
  }
  expect(performance.now() - started).toBeLessThan(1_000);
});
