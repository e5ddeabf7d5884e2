import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempDisposableSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SettingsError } from '@latchkey/settings';
import { expect, test } from 'vitest';
import { authorizationServerSettings } from './settings.ts';

const key = randomBytes(32);

const production = {
  NODE_ENV: 'production',
  ISSUER: 'https://auth.example',
  TODOS_API_RESOURCE: 'https://api.example/api',
  KEY_ENCRYPTION_KEY: key.toString('base64url'),
  TRUST_PROXY: '1',
};

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    authorizationServerSettings(environment);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
}

function startFolder() {
  const folder = mkdtempDisposableSync(join(tmpdir(), 'latchkey-'));
  return { path: folder.path, [Symbol.dispose]: () => folder.remove() };
}

test('with nothing set it runs on this machine, and makes its key at the first start', () => {
  using folder = startFolder();
  const settings = authorizationServerSettings({ DATA_DIR: folder.path });
  expect(settings).toMatchObject({
    production: false,
    port: 3000,
    host: 'localhost',
    issuer: 'http://localhost:3000',
    databaseFile: join(folder.path, 'authorization-server', 'latchkey.sqlite'),
    logLevel: 'info',
    trustedProxies: 0,
    todosApi: 'http://localhost:3001/api',
    todosMcp: 'http://localhost:3001/mcp',
    refreshGrace: 30,
    trustedOrigins: [],
    demo: undefined,
  });
  expect(settings.keyEncryptionKey).toHaveLength(32);
  expect(authorizationServerSettings({ DATA_DIR: folder.path }).keyEncryptionKey).toEqual(settings.keyEncryptionKey);
});

test('the issuer follows the port', () => {
  expect(authorizationServerSettings({ PORT: '4000', KEY_ENCRYPTION_KEY: key.toString('base64url') }).issuer).toBe(
    'http://localhost:4000',
  );
});

test('a key that is given is taken, and no other is made', () => {
  using folder = startFolder();
  const settings = authorizationServerSettings({ ...production, DATA_DIR: folder.path });
  expect(settings.keyEncryptionKey).toEqual(key);
  expect(existsSync(join(folder.path, 'authorization-server'))).toBe(false);
});

test('secrets may come from files', () => {
  using folder = startFolder();
  writeFileSync(join(folder.path, 'key'), `${key.toString('base64')}\n`);
  writeFileSync(join(folder.path, 'secret'), `${'s'.repeat(40)}\n`);
  const settings = authorizationServerSettings({
    KEY_ENCRYPTION_KEY_FILE: join(folder.path, 'key'),
    DEMO_CLIENT_SECRET_FILE: join(folder.path, 'secret'),
    SEED_DEMO: 'true',
  });
  expect(settings.keyEncryptionKey).toEqual(key);
  expect(settings.demo?.clientSecret).toBe('s'.repeat(40));
});

test('a demonstration may tell what passes and move its time, and production may not', () => {
  using folder = startFolder();
  const file = join(folder.path, 'clock');
  const demonstration = { FLOW_REPORTS_URL: 'http://localhost:3002/flow/reports', FLOW_REPORTS_SECRET: 's'.repeat(40) };
  expect(authorizationServerSettings({ ...demonstration, DATA_DIR: folder.path, DEMO_CLOCK_FILE: file })).toMatchObject(
    {
      flowReports: { url: demonstration.FLOW_REPORTS_URL, secret: demonstration.FLOW_REPORTS_SECRET },
      demoClockFile: file,
    },
  );
  expect(authorizationServerSettings({ DATA_DIR: folder.path })).toMatchObject({
    flowReports: undefined,
    demoClockFile: join(folder.path, 'demo-clock'),
  });
  expect(authorizationServerSettings({ ...production, DATA_DIR: folder.path }).demoClockFile).toBeUndefined();
  expect(problemsOf({ ...production, ...demonstration, DEMO_CLOCK_FILE: file })).toEqual([
    expect.stringMatching(/^DEMO_CLOCK_FILE .*production/),
    expect.stringMatching(/^FLOW_REPORTS_URL and FLOW_REPORTS_SECRET .*demonstrations/),
  ]);
  for (const half of Object.entries(demonstration))
    expect(problemsOf(Object.fromEntries([half]))).toEqual([expect.stringContaining('together or not at all')]);
});

test('the demo names its addresses, and may be called back by its client', () => {
  const settings = authorizationServerSettings({
    KEY_ENCRYPTION_KEY: key.toString('base64url'),
    SEED_DEMO: 'true',
    DEMO_CLIENT_URL: 'http://localhost:4002',
    TODOS_API_RESOURCE: 'http://localhost:4001/api',
    TRUSTED_ORIGINS: 'http://localhost:5000',
  });
  expect(settings.demo).toEqual({
    clientUrl: 'http://localhost:4002',
    clientSecret: undefined,
    todosApiUrl: 'http://localhost:4001',
  });
  expect(settings.trustedOrigins).toEqual(['http://localhost:5000', 'http://localhost:4002']);
});

test('everything that is wrong is said at once, by the name of the setting', () => {
  const problems = problemsOf({
    PORT: '99999',
    ISSUER: 'https://auth.example/path',
    LOG_LEVEL: 'loud',
    TRUST_PROXY: 'yes',
    KEY_ENCRYPTION_KEY: 'short',
    TODOS_API_RESOURCE: 'api',
    REFRESH_GRACE_SECONDS: '601',
    SEED_DEMO: 'perhaps',
    DEMO_CLIENT_URL: 'localhost:3002',
    DEMO_CLIENT_SECRET: 'short',
  });
  const names = problems.map((problem) => problem.split(':')[0]);
  expect(names.toSorted()).toEqual([
    'DEMO_CLIENT_SECRET',
    'DEMO_CLIENT_URL',
    'ISSUER',
    'KEY_ENCRYPTION_KEY',
    'LOG_LEVEL',
    'PORT',
    'REFRESH_GRACE_SECONDS',
    'SEED_DEMO',
    'TODOS_API_RESOURCE',
    'TRUST_PROXY',
  ]);
});

test('the MCP endpoint is beside the API, where its server has it, unless it is said to be elsewhere', () => {
  const resources = { TODOS_API_RESOURCE: 'https://api.example/v1/api', KEY_ENCRYPTION_KEY: key.toString('base64url') };
  expect(authorizationServerSettings(resources).todosMcp).toBe('https://api.example/mcp');
  const elsewhere = { ...resources, TODOS_MCP_RESOURCE: 'https://mcp.example' };
  expect(authorizationServerSettings(elsewhere).todosMcp).toBe('https://mcp.example');
  expect(problemsOf({ ...resources, TODOS_MCP_RESOURCE: resources.TODOS_API_RESOURCE })).toEqual([
    expect.stringContaining('TODOS_MCP_RESOURCE must not be TODOS_API_RESOURCE'),
  ]);
});

test('a database that is not PostgreSQL is refused, and its address is not repeated', () => {
  const problems = problemsOf({ DATABASE_URL: 'mysql://root:hunter2@db.example/latchkey' });
  expect(problems).toEqual([expect.stringContaining('DATABASE_URL: must be a postgres:// URL')]);
  expect(problems.join()).not.toContain('hunter2');
  expect(problemsOf({ DATABASE_URL: 'postgres://db.example/latchkey' })).toEqual([]);
});

test.each([
  ['http://localhost:3002/', false],
  ['localhost:3002', false],
  ['http://localhost:3002', true],
])('%s as a trusted origin: %s', (origin, good) => {
  const problems = problemsOf({ TRUSTED_ORIGINS: origin, KEY_ENCRYPTION_KEY: key.toString('base64url') });
  expect(problems).toEqual(good ? [] : [expect.stringContaining('TRUSTED_ORIGINS')]);
});

test('S41, S42: a good production set-up is taken', () => {
  expect(authorizationServerSettings(production)).toMatchObject({ production: true, issuer: 'https://auth.example' });
});

test('production refuses all that is unsafe at once, each by name', () => {
  expect(
    problemsOf({ NODE_ENV: 'production', ISSUER: 'http://auth.example', SEED_DEMO: 'true' }).map(
      (problem) => problem.split(' ')[0],
    ),
  ).toEqual(['ISSUER', 'KEY_ENCRYPTION_KEY', 'TRUST_PROXY', 'SEED_DEMO', 'TODOS_API_RESOURCE']);
});

test.each([
  ['no issuer', { ISSUER: '' }, 'ISSUER is missing'],
  ['an http issuer', { ISSUER: 'http://auth.example' }, 'ISSUER must be an https origin'],
  ['no key', { KEY_ENCRYPTION_KEY: '' }, 'KEY_ENCRYPTION_KEY is missing (or KEY_ENCRYPTION_KEY_FILE)'],
  ['a key of zeros', { KEY_ENCRYPTION_KEY: Buffer.alloc(32).toString('base64url') }, 'KEY_ENCRYPTION_KEY is weak'],
  ['demo people', { SEED_DEMO: 'yes' }, 'SEED_DEMO must not be set in production'],
  ['an http API', { TODOS_API_RESOURCE: 'http://api.example/api' }, 'TODOS_API_RESOURCE must be an https URL'],
  ['http for MCP', { TODOS_MCP_RESOURCE: 'http://api.example/mcp' }, 'TODOS_MCP_RESOURCE must be an https URL'],
])('production refuses %s', (_, setting, problem) => {
  using folder = startFolder();
  expect(problemsOf({ ...production, DATA_DIR: folder.path, ...setting })).toEqual([expect.stringContaining(problem)]);
  expect(existsSync(join(folder.path, 'authorization-server'))).toBe(false);
});
