import { randomBytes } from 'node:crypto';
import { SettingsError } from '@latchkey/settings';
import { expect, test } from 'vitest';
import { readDemoClientSettings } from './settings.ts';

function problems(environment: Record<string, string>): readonly string[] {
  try {
    readDemoClientSettings(environment);
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
}

test('with nothing but the secret, it finds the other two apps where npm start puts them', () => {
  expect(readDemoClientSettings({ CLIENT_SECRET: 's' })).toMatchObject({
    host: 'localhost',
    port: 3002,
    publicUrl: 'http://localhost:3002',
    issuer: 'http://localhost:3000',
    apiUrl: 'http://localhost:3001',
    apiResource: 'http://localhost:3001/api',
    clientId: 'demo-client',
    sessionKey: undefined,
    refreshMode: 'hybrid',
    sessionLifetimes: { idleMs: 43_200_000, absoluteMs: 1_209_600_000 },
    trustedProxies: 0,
  });
});

test('PUBLIC_URL follows PORT, and API_RESOURCE follows API_URL', () => {
  const settings = readDemoClientSettings({ CLIENT_SECRET: 's', PORT: '4002', API_URL: 'http://localhost:4001' });
  expect(settings).toMatchObject({ publicUrl: 'http://localhost:4002', apiResource: 'http://localhost:4001/api' });
});

test('everything that is wrong is said at once', () => {
  const environment = {
    PORT: 'x',
    PUBLIC_URL: 'http://localhost:3002/todos',
    ISSUER: 'login',
    SESSION_KEY: 'short',
    DATABASE_URL: 'mysql://localhost/x',
    REFRESH_MODE: 'never',
    TRUST_PROXY: 'yes',
    SESSION_IDLE_MINUTES: '1',
    SESSION_ABSOLUTE_HOURS: 'long',
  };
  const found = problems(environment).join('\n');
  for (const name of [...Object.keys(environment), 'CLIENT_SECRET is missing']) expect(found).toContain(name);
});

test('production refuses http, missing and weak secrets, and what has a default for development only', () => {
  const found = problems({ NODE_ENV: 'production', CLIENT_SECRET: 'weak', ISSUER: 'http://login.example' }).join('\n');
  for (const words of [
    'PUBLIC_URL is missing',
    'ISSUER: must not be an http',
    'API_URL is missing',
    'SESSION_KEY is missing',
  ])
    expect(found).toContain(words);
  expect(found).toContain('CLIENT_SECRET: is too short');
});

test('production accepts https and real secrets', () => {
  const environment = {
    NODE_ENV: 'production',
    PUBLIC_URL: 'https://todos.example',
    ISSUER: 'https://login.example/tenant',
    API_URL: 'https://api.example',
    CLIENT_SECRET: randomBytes(32).toString('base64url'),
    SESSION_KEY: randomBytes(32).toString('base64url'),
  };
  expect(problems({ ...environment, CLIENT_SECRET: 'x'.repeat(43) })).toEqual([
    expect.stringContaining('CLIENT_SECRET'),
  ]);
  expect(problems({ ...environment, SESSION_KEY: 'A'.repeat(43) })).toEqual([expect.stringContaining('SESSION_KEY')]);
  expect(readDemoClientSettings(environment).apiResource).toBe('https://api.example/api');
  expect(problems({ ...environment, API_RESOURCE: 'http://api.example/api' })).toHaveLength(1);
});
