import { SettingsError } from '@latchkey/settings';
import { expect, test } from 'vitest';
import { readTodosApiSettings } from './settings.ts';

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    readTodosApiSettings(environment);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
}

test('nothing needs to be set', () => {
  expect(readTodosApiSettings({})).toMatchObject({
    port: 3001,
    host: 'localhost',
    publicUrl: 'http://localhost:3001',
    issuer: 'http://localhost:3000',
    resource: 'http://localhost:3001/api',
    docsClientId: 'todos-docs',
    docsHint: undefined,
    logLevel: 'info',
    proxyHops: 0,
  });
});

test('the addresses follow from the port, or from the public URL', () => {
  expect(readTodosApiSettings({ PORT: '4001' }).resource).toBe('http://localhost:4001/api');
  expect(readTodosApiSettings({ PORT: '4001', PUBLIC_URL: 'https://todos.example' })).toMatchObject({
    publicUrl: 'https://todos.example',
    resource: 'https://todos.example/api',
  });
});

test('a relative data directory is taken from the project’s root', () => {
  expect(readTodosApiSettings({ DATA_DIR: 'data/x' }).databaseFile).toBe(
    `${import.meta.dirname.replace(/\/apps\/todos-api\/src$/, '')}/data/x/todos-api/todos.sqlite`,
  );
});

test('every problem is told at once', () => {
  const problems = problemsOf({
    PORT: 'x',
    ISSUER: 'x',
    DATABASE_URL: 'mysql://x',
    TRUST_PROXY: 'yes',
    RATE_LIMIT_PER_MINUTE: '0',
    LOG_LEVEL: 'x',
  });
  expect(problems.map((problem) => problem.split(':')[0])).toEqual([
    'PORT',
    'ISSUER',
    'DATABASE_URL',
    'LOG_LEVEL',
    'TRUST_PROXY',
    'RATE_LIMIT_PER_MINUTE',
  ]);
});

test('production has no http, whether it is set or by default', () => {
  const names = (environment: Record<string, string>) =>
    problemsOf({ NODE_ENV: 'production', ...environment }).map((problem) => problem.split(' ')[0]);
  expect(names({})).toEqual(['ISSUER', 'PUBLIC_URL']);
  expect(names({ ISSUER: 'https://login.example', PUBLIC_URL: 'http://todos.example' })).toEqual(['PUBLIC_URL']);
  expect(names({ ISSUER: 'https://login.example', PUBLIC_URL: 'https://todos.example' })).toEqual([]);
});

test('a demonstration may tell what passes and move its time, and production may not', () => {
  const demonstration = { FLOW_REPORTS_URL: 'http://localhost:3002/flow/reports', FLOW_REPORTS_SECRET: 's'.repeat(40) };
  expect(readTodosApiSettings({ ...demonstration, DEMO_CLOCK_FILE: '/clock' }).flowReports).toEqual({
    url: demonstration.FLOW_REPORTS_URL,
    secret: demonstration.FLOW_REPORTS_SECRET,
  });
  const production = { NODE_ENV: 'production', ISSUER: 'https://login.example', PUBLIC_URL: 'https://todos.example' };
  expect(problemsOf({ ...production, ...demonstration, DEMO_CLOCK_FILE: '/clock' })).toEqual([
    expect.stringMatching(/^FLOW_REPORTS_URL and FLOW_REPORTS_SECRET .*demonstrations/),
    expect.stringMatching(/^DEMO_CLOCK_FILE .*production/),
  ]);
  for (const half of Object.entries(demonstration))
    expect(problemsOf(Object.fromEntries([half]))).toEqual([expect.stringContaining('together or not at all')]);
});

test('the resource must be where its metadata is', () => {
  expect(problemsOf({ RESOURCE: 'http://elsewhere.example/api' })).toEqual([expect.stringMatching(/^RESOURCE/)]);
});

test('the resource is not the MCP endpoint, which is a resource of its own', () => {
  for (const [environment, mcp] of [
    [{}, 'http://localhost:3001/mcp'],
    [{ PUBLIC_URL: 'https://todos.example' }, 'https://todos.example/mcp'],
  ] as const) {
    expect(problemsOf({ ...environment, RESOURCE: mcp })).toEqual([
      `RESOURCE must not be ${mcp}, the MCP endpoint's own: a token for one is not for the other`,
    ]);
  }
});
