import { once } from 'node:events';
import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTodosApiTown, type TodosApiTown } from './todos-api-town.ts';

let town: TodosApiTown;
beforeAll(async () => {
  town = await startTodosApiTown();
});
afterAll(() => town[Symbol.asyncDispose]());

const addressesIn = (html: string) => [...html.matchAll(/(?:src|href)="(\/docs\/[^"]+)"/g)].map(([, url]) => `${url}`);

/** The path goes out as it is written: `fetch` would tidy it up. */
async function statusOf(path: string): Promise<number> {
  const sent = request({ host: 'localhost', port: new URL(town.url).port, path, agent: false });
  sent.end();
  const [response] = await once(sent, 'response');
  response.resume();
  return response.statusCode;
}

test('F23: the docs page contains initOAuth with client id and app name', async () => {
  const response = await town.call('/docs');
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  const html = await response.text();
  expect(html).toContain('"initOAuth":{"clientId":"todos-docs","appName":"Todos API documentation"');
  const scripts = await Promise.all(addressesIn(html).map(async (url) => (await town.call(url)).text()));
  expect(scripts.some((script) => script.includes('ui.initOAuth('))).toBe(true);
});

test('S25: the document that it shows leads to the authorization server', async () => {
  const html = await (await town.call('/docs')).text();
  expect(html).toContain('"documentUrl":"/openapi.json"');
  const document = (await (await town.call('/openapi.json')).json()) as {
    components: { securitySchemes: Record<string, { flows?: Record<string, unknown> }> };
  };
  expect(Object.values(document.components.securitySchemes)).toContainEqual(
    expect.objectContaining({
      flows: {
        authorizationCode: expect.objectContaining({
          authorizationUrl: `${town.issuer.issuer}/authorize`,
          tokenUrl: `${town.issuer.issuer}/token`,
          refreshUrl: `${town.issuer.issuer}/token`,
          scopes: expect.objectContaining({ 'read:todos': expect.any(String) }),
        }),
      },
    }),
  );
});

test('the page’s policy takes the place of the API’s, on the page only', async () => {
  const { headers } = await town.call('/docs');
  expect(headers.get('content-security-policy')).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
      `connect-src 'self' ${new URL(town.issuer.issuer).origin}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  );
  expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('cache-control')).toBe('no-cache');
  const again = await town.call('/docs', { headers: { 'if-none-match': `${headers.get('etag')}` } });
  expect(again.status).toBe(304);
  const api = await town.call('/api/status');
  expect(api.headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
});

test('the files come compressed, with a type that no browser guesses, to be kept', async () => {
  for (const url of addressesIn(await (await town.call('/docs')).text())) {
    const { status, headers } = await town.call(url);
    expect(status, url).toBe(200);
    expect(headers.get('cache-control'), url).toBe('public, max-age=31536000, immutable');
    expect(headers.get('content-encoding'), url).toBe('gzip');
    expect(headers.get('content-type'), url).toMatch(/^(text\/(css|javascript); charset=utf-8|image\/svg\+xml)/);
    expect(headers.get('x-content-type-options'), url).toBe('nosniff');
  }
});

test('what comes back from the sign-in is kept nowhere', async () => {
  const { status, headers } = await town.call('/docs/oauth2-redirect?code=secret&state=x');
  expect(status).toBe(200);
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
});

test('the page is read only, and what is not there is 404', async () => {
  const [file = ''] = addressesIn(await (await town.call('/docs')).text());
  for (const path of ['/docs', '/docs/oauth2-redirect', file]) {
    const refused = await town.call(path, { method: 'POST', body: 'x' });
    expect(refused.status).toBe(405);
    expect(refused.headers.get('allow')).toBe('GET, HEAD');
    const head = await town.call(path, { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(await head.text()).toBe('');
  }
  const folder = file.slice(0, file.lastIndexOf('/'));
  for (const path of [
    '/docs/nothing',
    `${folder}/package.json`,
    `${folder}/../../package.json`,
    `${folder}/..%2f..%2fpackage.json`,
    `${folder}/%2e%2e/%2e%2e/package.json`,
    '/docs/..\\..\\package.json',
    '/docs/%00',
    '/docs/%',
  ])
    expect(await statusOf(path), path).toBe(404);
  const slash = await town.call('/docs/');
  expect([slash.status, slash.headers.get('location')]).toEqual([308, '/docs']);
});

test('the page is one route in the metrics, whatever is asked for under it', async () => {
  await town.call('/docs');
  await town.call('/docs/stranger');
  const metrics = await (await town.call('/metrics')).text();
  expect(metrics).toMatch('http_requests_total{method="GET",route="/docs",status="200"}');
  expect(metrics).not.toMatch('stranger');
});
