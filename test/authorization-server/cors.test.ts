import { expect, test } from 'vitest';
import type { App, AuthorizationRequest } from './app.ts';
import { startTown } from './town.ts';

const page = 'https://planner.example';
const publicClient = {
  redirect_uris: [`${page}/callback`],
  token_endpoint_auth_method: 'none',
};
const elsewhere = [
  'https://evil.example',
  'http://planner.example',
  'https://planner.example:8443',
  'https://sub.planner.example',
  'https://planner.example.evil.example',
  'null',
];

/** As a page of that origin would send it. */
function exchangeFrom(origin: string, app: App, code: string | undefined, request: AuthorizationRequest) {
  const form = { grant_type: 'authorization_code', code, redirect_uri: app.redirectUri, client_id: app.id };
  return app.token({ ...form, code_verifier: request.verifier }, { origin });
}

test('a page exchanges the code of a public client whose redirect URI is at the page’s origin', async () => {
  await using town = await startTown();
  const app = await town.app(publicClient);
  const request = app.request();
  const { code } = await town.person('alice').authorize(request);
  const { status, headers } = await exchangeFrom(page, app, code, request);
  expect(status).toBe(200);
  expect(headers.get('access-control-allow-origin')).toBe(page);
  expect(headers.get('vary')).toContain('Origin');
  expect(headers.has('access-control-allow-credentials')).toBe(false);
});

test('no other page gets to the token endpoint with it, whatever it has found out', async () => {
  await using town = await startTown();
  const app = await town.app(publicClient);
  const alice = town.person('alice');
  for (const origin of elsewhere) {
    const request = app.request();
    const { code } = await alice.authorize(request);
    const { status, headers, body } = await exchangeFrom(origin, app, code, request);
    expect(status, origin).toBe(400);
    expect(body.error, origin).toBe('invalid_request');
    expect(headers.has('access-control-allow-origin'), origin).toBe(false);
  }
});

test('a client with a secret is none that lives in a page', async () => {
  await using town = await startTown();
  const app = await town.app({ redirect_uris: [`${page}/callback`] });
  const request = app.request();
  const { code } = await town.person('alice').authorize(request);
  const { status, headers } = await app.exchange(code, request);
  expect(status).toBe(200);
  expect(headers.has('access-control-allow-credentials')).toBe(false);
  const again = app.request();
  const next = await town.person('alice').authorize(again);
  const refused = await app.token(
    { grant_type: 'authorization_code', code: next.code, redirect_uri: app.redirectUri, code_verifier: again.verifier },
    { origin: page },
  );
  expect(refused.status).toBe(400);
  expect(refused.headers.has('access-control-allow-origin')).toBe(false);
});

test('pages that people see are for no page of another origin to read', async () => {
  await using town = await startTown();
  const app = await town.app(publicClient);
  const urls = [app.request().url.href, `${town.issuer}/account`, `${town.issuer}/device`, `${town.issuer}/logout`];
  for (const url of urls)
    for (const method of ['GET', 'OPTIONS']) {
      const headers = { origin: page, 'access-control-request-method': 'POST' };
      const answer = await fetch(url, { method, headers, redirect: 'manual' });
      expect(answer.headers.has('access-control-allow-origin'), `${method} ${url}`).toBe(false);
    }
});
