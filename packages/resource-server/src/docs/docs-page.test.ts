import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { createDocsPage, type DocsPageOptions } from './index.ts';

const options: DocsPageOptions = {
  title: 'Notes API',
  clientId: 'notes-docs',
  appName: 'Notes, documented',
  issuer: 'https://login.example/tenant',
  resource: 'https://notes.example/api',
};

const docsOf = (more: Partial<DocsPageOptions> = {}) => {
  const docs = createDocsPage({ ...options, ...more });
  return {
    ...docs,
    get: (path: string, headers: Record<string, string> = {}, method = 'GET') => docs.answer({ method, path, headers }),
  };
};

const settingsIn = (html: unknown) => {
  const attribute = /data-settings='([^']*)'/.exec(String(html))?.[1] ?? '';
  return JSON.parse(attribute.replaceAll('&lt;', '<').replaceAll('&#39;', "'").replaceAll('&amp;', '&'));
};

const assetsIn = (html: unknown) =>
  [...String(html).matchAll(/(?:src|href)="(\/docs\/[^"]+)"/g)].map(([, url]) => `${url}`);

test('F23: the page contains initOAuth with the client id and the app’s name, and the script calls it', async () => {
  const docs = docsOf();
  const page = await docs.get('/docs');
  expect(page?.status).toBe(200);
  expect(page?.body).toContain('"initOAuth":{"clientId":"notes-docs","appName":"Notes, documented"');
  const start = assetsIn(page?.body).find((url) => url.endsWith('/start.js'));
  expect(String((await docs.get(`${start}`))?.body)).toContain('ui.initOAuth(initOAuth)');
});

test('what the scripts must know stands in the page, whatever is in it', async () => {
  const appName = `Alice's <script>alert("1")</script> & co`;
  const page = await docsOf({ appName, title: appName, hint: appName, scopes: ['read'] }).get('/docs');
  expect(settingsIn(page?.body)).toEqual({
    documentUrl: '/openapi.json',
    initOAuth: { clientId: 'notes-docs', appName, scopes: ['read'], usePkceWithAuthorizationCodeGrant: true },
    issuer: 'https://login.example/tenant',
    issuerParameter: 'required',
    resource: 'https://notes.example/api',
    redirectPath: '/docs/oauth2-redirect',
    channelName: 'docs-page /docs/oauth2-redirect',
  });
  expect(page?.body).not.toContain('<script>alert');
});

test('nothing inline runs, nothing foreign is loaded, and only the authorization server is called besides', async () => {
  const docs = docsOf({ connectOrigins: ['https://tokens.example/token'] });
  const page = await docs.get('/docs');
  expect(page?.headers['Content-Security-Policy']).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
      "connect-src 'self' https://login.example https://tokens.example; " +
      "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  );
  const redirect = await docs.get('/docs/oauth2-redirect');
  expect(redirect?.headers['Content-Security-Policy']).toContain("connect-src 'none';");
  expect(redirect?.headers['Cache-Control']).toBe('no-store');
  for (const answer of [page, redirect]) {
    expect(answer?.headers).toMatchObject({
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
    });
    expect(answer?.body).not.toMatch(
      /<style|style=|<script(?![^>]* src=)|\son\w+=|https?:\/\/(?!login\.example)[^"']*["']>/,
    );
  }
});

test('every file that the page names, and every one that those name, is there and may be kept for ever', async () => {
  const docs = docsOf();
  const wanted = new Set([
    ...assetsIn((await docs.get('/docs'))?.body),
    ...assetsIn((await docs.get('/docs/oauth2-redirect'))?.body),
  ]);
  for (const url of wanted) {
    const file = await docs.get(url);
    expect(file?.status, url).toBe(200);
    expect(file?.headers['Cache-Control']).toBe('public, max-age=31536000, immutable');
    if (url.includes('bundle')) continue;
    const named = String(file?.body).matchAll(/(?:from '\.\/|@import url\(")([\w.-]+)/g);
    for (const [, name] of named) wanted.add(new URL(`${name}`, `https://notes.example${url}`).pathname);
  }
  const names = [...wanted].map((url) => url.slice(url.lastIndexOf('/') + 1));
  expect(names).toEqual(expect.arrayContaining(['authorization.js', 'swagger-ui.css', 'swagger-ui-bundle.js']));
});

test('files are compressed for those who take it', async () => {
  const docs = docsOf();
  const bundle = assetsIn((await docs.get('/docs'))?.body).find((url) => url.endsWith('bundle.js')) ?? '';
  const plain = await docs.get(bundle, { 'accept-encoding': 'br, gzip;q=0' });
  expect(plain?.headers).toMatchObject({ Vary: 'Accept-Encoding', 'Content-Type': 'text/javascript; charset=utf-8' });
  expect(plain?.headers).not.toHaveProperty('Content-Encoding');
  const packed = await docs.get(bundle, { 'accept-encoding': 'br, gzip' });
  expect(packed?.headers['Content-Encoding']).toBe('gzip');
  expect(gunzipSync(packed?.body as Buffer).equals(plain?.body as Buffer)).toBe(true);
});

test('the page is asked for anew, and answered with 304 while it is the same', async () => {
  const docs = docsOf();
  const page = await docs.get('/docs');
  expect(page?.headers['Cache-Control']).toBe('no-cache');
  const again = await docs.get('/docs', { 'if-none-match': `"other", W/${page?.headers.ETag}` });
  expect(again).toMatchObject({ status: 304, body: undefined });
  expect((await docs.get('/docs', { 'if-none-match': '"other"' }))?.status).toBe(200);
  expect((await docsOf({ hint: 'New' }).get('/docs'))?.headers.ETag).not.toBe(page?.headers.ETag);
});

test('what is no part of the page is for others to answer, however it is spelled', async () => {
  const docs = docsOf();
  const [file = ''] = assetsIn((await docs.get('/docs'))?.body);
  const folder = file.slice(0, file.lastIndexOf('/'));
  for (const path of [
    '/',
    '/docsx',
    '/docs/nothing',
    `${folder}/`,
    `${folder}/package.json`,
    `${folder}/../start.js`,
    `${folder}/..%2f..%2fpackage.json`,
    `${folder}/%2e%2e/docs-page.css`,
    `${folder}\\start.js`,
    `${folder}/start.js\0.css`,
    '/docs/../../../../etc/passwd',
    '/docs/__proto__',
    '/docs/constructor',
  ])
    expect(await docs.get(path), path).toBeUndefined();
  expect(await docs.get('/docs/')).toMatchObject({ status: 308, headers: { Location: '/docs' } });
});

test('it is read only', async () => {
  const docs = docsOf();
  for (const path of ['/docs', '/docs/oauth2-redirect', ...assetsIn((await docs.get('/docs'))?.body)]) {
    for (const method of ['POST', 'PUT', 'DELETE', 'PROPFIND'])
      expect(await docs.get(path, {}, method)).toMatchObject({ status: 405, headers: { Allow: 'GET, HEAD' } });
    expect((await docs.get(path, {}, 'OPTIONS'))?.status).toBe(204);
    expect((await docs.get(path, {}, 'HEAD'))?.status).toBe(200);
  }
});

test('it may be elsewhere, in plain paths only', async () => {
  const docs = docsOf({ basePath: '/v1/reference', documentUrl: '/v1/openapi.json' });
  expect(docs.redirectPath).toBe('/v1/reference/oauth2-redirect');
  expect((await docs.get('/v1/reference'))?.body).toContain('href="/v1/openapi.json"');
  for (const basePath of ['', '/', 'docs', '/docs/', '//docs', '/do cs', '/docs"'])
    expect(() => docsOf({ basePath }), basePath).toThrow(TypeError);
  expect(() => docsOf({ issuer: 'login.example' })).toThrow(TypeError);
});

test('the API has an identifier, without which a token would be for nobody’s API', () => {
  for (const resource of [undefined as never, '', '/api', 'https://notes.example/api#here'])
    expect(() => createDocsPage({ ...options, resource }), resource).toThrow(/^resource must be/);
});
