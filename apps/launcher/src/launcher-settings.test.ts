import { defaultDataDirectory, resolveFromRoot, SettingsError } from '@latchkey/settings';
import { expect, test } from 'vitest';
import { readLauncherSettings } from './launcher-settings.ts';

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    readLauncherSettings(environment);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
}

test('without any setting it runs on 3000, 3001 and 3002 and keeps its data in data/', () => {
  expect(readLauncherSettings({})).toEqual({
    ports: { AUTHORIZATION_SERVER_PORT: 3000, TODOS_API_PORT: 3001, DEMO_CLIENT_PORT: 3002 },
    dataDirectory: defaultDataDirectory,
  });
});

test('a relative DATA_DIR is taken from the root of the project, wherever the command was given', () => {
  expect(readLauncherSettings({ DATA_DIR: 'elsewhere' }).dataDirectory).toBe(resolveFromRoot('elsewhere'));
});

test('production is refused with what to do instead', () => {
  expect(problemsOf({ NODE_ENV: 'production' })).toEqual([expect.stringContaining('does not run in production')]);
  expect(problemsOf({ NODE_ENV: 'development' })).toEqual([]);
});

test('two apps cannot have one port', () => {
  expect(problemsOf({ TODOS_API_PORT: '3000' })).toEqual([
    'AUTHORIZATION_SERVER_PORT and TODOS_API_PORT must differ: each app needs a port of its own, not 3000',
  ]);
});

test.each(['0', 'http', '70000', '-1'])('the port %j is refused by name', (port) => {
  expect(problemsOf({ DEMO_CLIENT_PORT: port })).toEqual([expect.stringMatching(/^DEMO_CLIENT_PORT: must be a port/)]);
});
