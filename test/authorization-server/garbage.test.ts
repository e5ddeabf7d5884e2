import { expect, test } from 'vitest';
import { rawRequest } from '../todos-api/raw-request.ts';
import { startTown } from './town.ts';

/*
 * The town itself fails a story in which any answer was a 5xx: what is here only has to be asked for.
 */

const everywhere = [
  '/',
  '/authorize',
  '/authorize/nothing',
  '/token',
  '/userinfo',
  '/jwks',
  '/introspect',
  '/revoke',
  '/par',
  '/register',
  '/register/nothing',
  '/logout',
  '/logout/confirm',
  '/logout/success',
  '/device',
  '/device/nothing',
  '/device/authorization',
  '/interaction/nothing',
  '/interaction/nothing/login',
  '/account',
  '/assets/style.css',
  '/.well-known/openid-configuration',
  '/livez',
];

test('a megabyte of form or JSON is refused before it is read', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  const { url } = await alice.open(planner.request());
  const form = `username=alice&password=${'x'.repeat(1_000_000)}`;
  const document = JSON.stringify({ client_name: 'x'.repeat(1_000_000) });
  for (const [address, type, body] of [
    [`${url}/login`, 'application/x-www-form-urlencoded', form],
    [`${url}/confirm`, 'application/x-www-form-urlencoded', form],
    [`${town.issuer}/token`, 'application/x-www-form-urlencoded', form],
    [`${town.issuer}/device`, 'application/x-www-form-urlencoded', form],
    [`${town.issuer}/logout/confirm`, 'application/x-www-form-urlencoded', form],
    [`${town.issuer}/register`, 'application/json', document],
  ] as const) {
    const answer = await alice.browser.request(address, { method: 'POST', body, headers: { 'content-type': type } });
    expect(answer.status, address).toBeGreaterThanOrEqual(400);
  }
});

test('cookies full of rubbish are no cookies', async () => {
  await using town = await startTown();
  const rubbish = [
    '%E0%A4%A',
    '%',
    '=',
    ';;;',
    '"',
    'x'.repeat(4000),
    '{}',
    '../../etc/passwd',
    "'; DROP TABLE sessions",
    'a.b.c',
  ];
  for (const value of rubbish) {
    const cookie = ['latchkey_session', 'latchkey_interaction', 'latchkey_resume', 'latchkey_known']
      .map((name) => `${name}=${value}`)
      .join('; ');
    for (const path of everywhere) {
      await rawRequest(`${town.issuer}${path}`, { cookie, accept: 'text/html' });
    }
  }
});

test('queries full of rubbish are refused politely', async () => {
  await using town = await startTown();
  const planner = await town.app();
  const rubbish = [
    '%E0%A4%A',
    'client_id=%E0%A4%A',
    'client_id=%00',
    'scope=%E0%A4%A&client_id=x',
    '=&=&=',
    '&&&&',
    'client_id[]=x&client_id[a]=y',
    '__proto__[x]=1&constructor=1',
    `client_id=${planner.id}&prompt=%FF`,
    `client_id=${planner.id}&claims=%7B`,
    `client_id=${planner.id}&max_age=-1&response_type=code`,
    `client_id=${planner.id}&request=x.y.z`,
    `client_id=${planner.id}&request_uri=urn:x`,
    `client_id=${planner.id}&response_type=code&redirect_uri=${planner.redirectUri}&resource=x&resource=y`,
    'id_token_hint=x.y.z',
    'user_code=%E0%A4%A',
    `q=${'x'.repeat(7000)}`,
  ];
  for (const query of rubbish) {
    for (const path of everywhere) {
      await rawRequest(`${town.issuer}${path}?${query}`, { accept: 'text/html' });
    }
  }
});

test('paths that cannot be decoded are nowhere', async () => {
  await using town = await startTown();
  for (const path of [
    '/%E0%A4%A',
    '/interaction/%E0%A4%A',
    '/interaction/%E0%A4%A/login',
    '/authorize/%E0%A4%A',
    '/register/%FF',
    '/assets/%E0%A4%A',
    '/device/%',
  ]) {
    for (const method of ['GET', 'POST']) {
      const { status } = await rawRequest(`${town.issuer}${path}`, { accept: 'text/html' }, method);
      expect(status, `${method} ${path}`).toBeGreaterThanOrEqual(400);
    }
  }
});

test('methods that nobody offers are refused', async () => {
  await using town = await startTown();
  for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND']) {
    for (const path of everywhere) {
      await rawRequest(`${town.issuer}${path}`, {}, method);
    }
  }
});

test('bodies that are not what they say are refused', async () => {
  await using town = await startTown();
  const bodies: [string, string][] = [
    ['application/x-www-form-urlencoded', '%E0%A4%A=%&=&grant_type=%FF'],
    ['application/x-www-form-urlencoded', 'grant_type[a]=b&token[]=1&__proto__=x'],
    ['application/json', '{'],
    ['application/json', '[]'],
    ['application/json', 'null'],
    ['application/json', '"text"'],
    ['application/json', '{"redirect_uris":{"length":1},"client_name":["x"],"scope":{},"grant_types":"code"}'],
    ['application/json', `${'['.repeat(10_000)}${']'.repeat(10_000)}`],
    ['multipart/form-data; boundary=x', '--x\r\n\r\nrubbish'],
    ['text/plain', 'grant_type=refresh_token'],
    ['application/x-www-form-urlencoded; charset=koi8-r', 'a=b'],
    ['', ''],
  ];
  for (const [type, body] of bodies) {
    for (const path of everywhere) {
      const headers: Record<string, string> = type === '' ? {} : { 'content-type': type };
      await fetch(`${town.issuer}${path}`, { method: 'POST', body, headers, redirect: 'manual' });
    }
  }
});

test('a parameter given twice is refused at the authorization and the token endpoint', async () => {
  await using town = await startTown();
  const [planner, alice] = [await town.app(), town.person('alice')];
  for (const name of ['client_id', 'redirect_uri', 'scope', 'state', 'code_challenge', 'response_type']) {
    const { url } = planner.request();
    url.searchParams.append(name, url.searchParams.get(name) ?? '');
    const page = await alice.open(url);
    expect(page.url.searchParams.has('code')).toBe(false);
    expect(page.text + page.url.search, name).toContain('invalid_request');
  }
  const request = planner.request();
  const { code = '' } = await alice.authorize(request);
  const form = new URLSearchParams([
    ['grant_type', 'authorization_code'],
    ['client_id', planner.id],
    ['client_secret', planner.secret ?? ''],
    ['redirect_uri', planner.redirectUri],
    ['code_verifier', request.verifier],
    ['code', code],
    ['code', code],
  ]);
  const answer = await fetch(town.metadata.token_endpoint, { method: 'POST', body: form });
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ error: 'invalid_request' });
});

test('credentials that cannot be read are a refusal', async () => {
  await using town = await startTown();
  for (const authorization of [
    'Basic',
    'Basic %',
    'Basic eA==',
    'Basic OjpA',
    `Basic ${btoa('%E0%A4%A:%')}`,
    'Bearer x',
    'Digest a=b',
    'x'.repeat(5000),
  ]) {
    for (const path of [
      '/token',
      '/introspect',
      '/revoke',
      '/par',
      '/device/authorization',
      '/userinfo',
      '/register/nothing',
    ]) {
      const answer = await fetch(`${town.issuer}${path}`, {
        method: path.startsWith('/register/') ? 'GET' : 'POST',
        headers: { authorization },
        redirect: 'manual',
      });
      expect(answer.status, `${path} ${authorization.slice(0, 30)}`).toBeGreaterThanOrEqual(400);
    }
  }
});
