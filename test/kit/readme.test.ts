import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { freePort } from '@latchkey/database/testing';
import { startTestIssuer, type TestIssuer } from '@latchkey/resource-server/testing';
import { resolveFromRoot } from '@latchkey/settings';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { nodeOf } from './node-runtimes.ts';
import { copyKit } from './packed-kit.ts';
import { everyPeer, type StrangerProject, strangerProject } from './stranger-project.ts';

/*
 * The README's programs as a stranger runs them: saved under the names that they begin with, in a project that has
 * installed the tarball, with nothing replaced but the issuer's address and the port.
 */

const readme = readFileSync(resolveFromRoot('packages/resource-server/README.md'), 'utf8');
const printed = new Map(
  [...readme.matchAll(/^```ts\n\/\/ (\S+)\n([\s\S]*?)^```/gm)].map(([, name = '', text = '']) => [name, text]),
);
const programs = [...printed].filter(([, text]) => text.includes('4100')).map(([name]) => name);

let project: StrangerProject;
let issuer: TestIssuer;

beforeAll(async () => {
  using copy = copyKit();
  project = await strangerProject(await copy.pack(), everyPeer);
  issuer = await startTestIssuer({ audience: 'https://notes.example.com/api' });
  for (const [name, text] of printed) project.write(name, text.replaceAll('https://login.example.com', issuer.issuer));
});

afterAll(async () => {
  project[Symbol.dispose]();
  await issuer[Symbol.asyncDispose]();
});

/** Runs one on the oldest Node that the kit supports. */
async function start(name: string, environment: Readonly<Record<string, string>> = {}) {
  const port = await freePort();
  const file = `running-${name}`;
  project.write(file, readFileSync(`${project.folder}/${name}`, 'utf8').replace(/4[12]00/, String(port)));
  const child: ChildProcess = spawn(await nodeOf(22), [file], {
    cwd: project.folder,
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
  const url = `http://localhost:${port}`;
  await vi.waitUntil(async () => child.exitCode !== null || (await fetch(url).catch(() => undefined)), {
    timeout: 15_000,
  });
  return {
    /** With a token that has these claims, or without one. */
    async get(path: string, claims?: Readonly<Record<string, unknown>>, method = 'GET') {
      return this.send(path, { method }, claims && (await issuer.accessToken(claims)));
    },
    send(path: string, init: RequestInit, token?: string) {
      const headers = { ...(init.headers as Record<string, string>) };
      if (token !== undefined) headers.authorization = `Bearer ${token}`;
      return fetch(`${url}${path}`, { ...init, headers });
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.kill()) await once(child, 'exit');
    },
  };
}

test('every program of the README has a name', () => {
  expect(readme.match(/^```[jt]s$/gm)).toHaveLength(printed.size);
});

test('the README’s programs pass the strictest type check', async () => {
  expect(await project.check([...printed.keys()])).toBe('');
});

test.each(programs)('%s guards its notes as it is printed', async (name) => {
  await using api = await start(name);

  const nobody = await api.get('/notes');
  expect(nobody.status).toBe(401);
  expect(nobody.headers.get('www-authenticate')).toMatch(/^Bearer realm="notes", scope="read:notes"/);
  expect(await nobody.json()).toEqual({ error: 'unauthorized', error_description: 'Not authenticated' });

  const withoutScope = await api.get('/notes', {});
  expect(withoutScope.status).toBe(403);
  expect(await withoutScope.json()).toMatchObject({ error_description: 'Missing required scope: read:notes' });

  const allowed = await api.get('/notes', { scope: 'read:notes' });
  expect(allowed.status).toBe(200);
  expect(await allowed.json()).toEqual({ owner: 'alice' });
});

test.each(programs.filter((name) => printed.get(name)?.includes('metadata')))(
  '%s serves its metadata',
  async (name) => {
    await using api = await start(name);
    const challenge = (await api.get('/notes')).headers.get('www-authenticate') ?? '';
    const { pathname } = new URL(/resource_metadata="([^"]+)"/.exec(challenge)?.[1] ?? '');
    const metadata = await api.get(pathname);
    expect(await metadata.json()).toMatchObject({
      resource: 'https://notes.example.com/api',
      authorization_servers: [issuer.issuer],
    });
  },
);

test('scopes.ts adds scopes up', async () => {
  await using api = await start('scopes.ts');
  const refused = await api.get('/notes/drafts', { scope: 'read:notes' });
  expect(refused.status).toBe(403);
  expect(refused.headers.get('www-authenticate')).toContain('scope="read:notes write:notes"');
  const allowed = await api.get('/notes/drafts', { scope: 'write:notes read:notes' });
  expect(await allowed.json()).toEqual({ needed: 'read:notes write:notes' });

  const reader = { scope: 'read:notes' };
  const statuses = ['titles', 'titles?edit', 'audit'].map(
    async (path) => (await api.get(`/notes/${path}`, reader)).status,
  );
  expect(await Promise.all(statuses)).toEqual([200, 403, 403]);
  for (const [scope, status] of [
    ['read:notes', 200],
    ['write:notes', 200],
    ['other', 403],
  ] as const)
    expect((await api.get('/shared', { scope })).status, scope).toBe(status);
  expect((await api.get('/notes/audit', { ...reader, role: 'auditor' })).status).toBe(200);
});

test('optional.ts greets strangers, and refuses bad tokens', async () => {
  await using api = await start('optional.ts');
  expect(await (await api.get('/greeting')).json()).toEqual({ hello: 'stranger' });
  expect(await (await api.get('/greeting', {})).json()).toEqual({ hello: 'alice' });
  expect((await api.get('/greeting', { aud: 'another' })).status).toBe(401);
  expect((await api.get('/status', { aud: 'another' })).status).toBe(200);
});

test('step-up.ts asks for a recent sign-in', async () => {
  await using api = await start('step-up.ts');
  const seconds = Math.floor(Date.now() / 1000);
  const writer = { scope: 'write:notes' };
  const refused = await api.get('/notes', { ...writer, auth_time: seconds - 1000 }, 'DELETE');
  expect(refused.status).toBe(401);
  expect(refused.headers.get('www-authenticate')).toContain('error="insufficient_user_authentication"');
  expect(refused.headers.get('www-authenticate')).toContain('max_age="300"');
  expect((await api.get('/notes', { ...writer, auth_time: seconds }, 'DELETE')).status).toBe(204);
});

test('openapi.ts serves document and page', async () => {
  await using api = await start('openapi.ts');
  const document = (await (await api.get('/openapi.json')).json()) as {
    paths: Record<string, Record<string, unknown>>;
  };
  expect(document.paths['/notes']).toMatchObject({
    get: { security: [{ oauth2: ['read:notes'] }] },
    post: { security: [{ oauth2: ['write:notes'] }] },
  });
  expect(await (await api.get('/docs')).text()).toContain('<title>Notes');
});

test('routes.ts answers what does not fit as the table says', async () => {
  await using api = await start('routes.ts');
  const token = await issuer.accessToken({ scope: 'read:notes write:notes' });
  const put = async (path: string, body: string | undefined, type = 'application/json', caller = token) => {
    const init = { method: 'PUT', headers: { 'content-type': type }, ...(body !== undefined && { body }) };
    return api.send(path, init, caller);
  };
  const good = '{"title":"Water them"}';
  for (const [status, answer] of [
    [404, put('/notes/first', good)],
    [404, put('/notes/2', good)],
    [415, put('/notes/1', good, 'text/plain')],
    [413, put('/notes/1', JSON.stringify({ title: 'x'.repeat(100 * 1024) }))],
    [400, put('/notes/1', undefined)],
    [400, put('/notes/1', '{')],
    [422, put('/notes/1', '{"title":"","more":1}')],
    [400, api.send('/notes?p=1', {}, token)],
    [405, api.send('/notes/1', { method: 'PATCH' })],
  ] as const) {
    expect((await answer).status).toBe(status);
    expect((await answer).headers.get('content-type')).toMatch('application/problem+json');
  }
  const written = await put('/notes/1', good);
  expect(await written.json()).toEqual({ id: 1, title: 'Water them' });
  expect(written.headers.get('last-modified')).toBeTruthy();
  const other = await issuer.accessToken({ scope: 'write:notes', sub: 'bob' });
  expect(await (await put('/notes/1', good, undefined, other)).json()).toMatchObject({ error: 'access_denied' });
});

test('local.ts takes the token that issuer.ts prints', async () => {
  const running = spawn(await nodeOf(22), ['issuer.ts'], { cwd: project.folder, stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const lines: AsyncIterator<string> = createInterface({ input: running.stdout })[Symbol.asyncIterator]();
    const [address, token] = [(await lines.next()).value, (await lines.next()).value];
    await using api = await start('local.ts', { ISSUER: address });
    expect(await (await api.send('/notes', {}, token)).json()).toEqual({ caller: 'alice', client: 'test-client' });
    const refused = await api.send('/notes', { method: 'DELETE' }, token);
    expect(await refused.json()).toMatchObject({ error_description: 'Missing required scope: write:todos' });
  } finally {
    if (running.kill()) await once(running, 'exit');
  }
});

test.each(['bound-tokens.ts', 'callers.ts', 'issuers.ts'])('%s makes a resource server', async (name) => {
  const env = { ...process.env, NOTES_API_SECRET: 'a secret' };
  await promisify(execFile)(await nodeOf(22), [name], { cwd: project.folder, env });
});

test.each(['notes.test.ts', 'bound.test.ts'])('the test %s passes', async (name) => {
  const options = ['--test', '--test-reporter=tap', name];
  const { stdout } = await promisify(execFile)(await nodeOf(22), options, { cwd: project.folder });
  expect(stdout).toMatch(/^# pass [1-9]/m);
  expect(stdout).toMatch(/^# fail 0$/m);
});
