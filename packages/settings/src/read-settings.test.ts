import { mkdtempDisposableSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { type Environment, readSettings, SettingsError } from './read-settings.ts';
import { portSetting } from './setting-types.ts';

const schema = z.object({
  PORT: portSetting.default(3000),
  SECRET: z.string().min(8, 'must have 8 characters or more'),
});

function problemsOf(environment: Environment, check?: () => string[]): readonly string[] {
  try {
    readSettings(schema, environment, check);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
}

const temporaryFolder = () => mkdtempDisposableSync(join(tmpdir(), 'latchkey-'));

test('values come parsed, defaults fill what is not set, other variables are left alone', () => {
  expect(readSettings(schema, { SECRET: 'long enough', HOME: '/root' })).toEqual({ PORT: 3000, SECRET: 'long enough' });
  expect(readSettings(schema, { SECRET: 'long enough', PORT: '8080' })).toMatchObject({ PORT: 8080 });
});

test('a variable set to nothing counts as not set', () => {
  expect(readSettings(schema, { SECRET: 'long enough', PORT: '' })).toMatchObject({ PORT: 3000 });
  expect(problemsOf({ SECRET: '' })).toEqual(['SECRET is missing (set SECRET, or SECRET_FILE)']);
});

test('every problem is reported at once, by name', () => {
  expect(problemsOf({ PORT: 'http', SECRET: 'short' })).toEqual([
    'PORT: must be a port number',
    'SECRET: must have 8 characters or more',
  ]);
});

test('the message lists the problems one to a line', () => {
  expect(() => readSettings(schema, {})).toThrow(
    'These settings must be mended before the start:\n  - SECRET is missing (set SECRET, or SECRET_FILE)',
  );
});

test('a value can come from a file, without the line break at its end', () => {
  using folder = temporaryFolder();
  const file = join(folder.path, 'secret');
  writeFileSync(file, 'from a file\n');
  expect(readSettings(schema, { SECRET_FILE: file })).toMatchObject({ SECRET: 'from a file' });
});

test('a file that cannot be read is named with its variable', () => {
  expect(problemsOf({ SECRET_FILE: '/nowhere/secret' })).toContainEqual(
    expect.stringMatching(/^SECRET_FILE cannot be read: .*\/nowhere\/secret/),
  );
});

test('a value and its file at once are refused: nobody could say which one holds', () => {
  using folder = temporaryFolder();
  const file = join(folder.path, 'secret');
  writeFileSync(file, 'from a file');
  expect(problemsOf({ SECRET: 'from the shell', SECRET_FILE: file })).toEqual([
    'SECRET and SECRET_FILE are both set: keep one',
  ]);
});

test('rules across settings are reported together with problems of single settings', () => {
  const check = () => ['PORT does not fit SECRET'];
  expect(problemsOf({ SECRET: 'long enough' }, check)).toEqual(['PORT does not fit SECRET']);
  expect(problemsOf({ SECRET: 'short' }, check)).toEqual([
    'SECRET: must have 8 characters or more',
    'PORT does not fit SECRET',
  ]);
});

test('rules across settings are checked beside what cannot be read, and name no setting twice', () => {
  const rules = () => ['SECRET is weak', 'OTHER must be set in production'];
  expect(problemsOf({ PORT: 'http', SECRET: 'short' }, rules)).toEqual([
    'PORT: must be a port number',
    'SECRET: must have 8 characters or more',
    'OTHER must be set in production',
  ]);
});
