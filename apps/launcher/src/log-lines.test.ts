import { expect, test } from 'vitest';
import { formatLogLine } from './log-lines.ts';
import { coloured, plain } from './terminal-style.ts';

const noon = new Date(2026, 0, 1, 12, 1, 2).getTime();

const line = (fields: Record<string, unknown>) =>
  JSON.stringify({ level: 30, time: noon, pid: 1, hostname: 'h', name: 'todos-api', ...fields });

const shown = (text: string) => formatLogLine({ name: 'todos-api' }, text, plain);

test('a request is its method, path, status and time', () => {
  expect(shown(line({ method: 'POST', path: '/token', status: 200, ms: 12, msg: 'POST /token 200' }))).toBe(
    'todos-api            │ 12:01:02 POST /token 200 12 ms',
  );
});

test('any other entry is its message and its fields', () => {
  expect(shown(line({ msg: 'signed in', account: 'a1', scopes: ['openid'] }))).toBe(
    'todos-api            │ 12:01:02 signed in account=a1 scopes=["openid"]',
  );
});

test('what is not a log entry is shown as it is', () => {
  expect(shown('(node:1) Warning: …')).toBe('todos-api            │ (node:1) Warning: …');
  expect(shown('{"not":"a log entry"}')).toBe('todos-api            │ {"not":"a log entry"}');
  expect(shown('{broken')).toBe('todos-api            │ {broken');
  expect(shown('')).toBe('todos-api            │');
});

test('warnings and errors say so in words, and an error tells its cause and where it was thrown', () => {
  expect(shown(line({ level: 40, msg: 'keys are old' }))).toBe('todos-api            │ 12:01:02 WARNING keys are old');
  const err = {
    type: 'TypeError',
    message: 'x is not a function',
    stack: 'TypeError: x is not a function\n    at a.ts:1\n    at b.ts:2',
  };
  expect(shown(line({ level: 50, err, method: 'GET', path: '/a', msg: 'request failed' })).split('\n')).toEqual([
    'todos-api            │ 12:01:02 ERROR request failed: x is not a function method=GET path=/a',
    'todos-api            │     at a.ts:1',
    'todos-api            │     at b.ts:2',
  ]);
});

test('an error that is its own message is told once', () => {
  expect(shown(line({ level: 50, err: { message: 'no' }, msg: 'no' }))).toBe(
    'todos-api            │ 12:01:02 ERROR no',
  );
});

test('characters that steer a terminal are spelled out', () => {
  expect(shown(line({ msg: 'hello \u001b[2J', user: 'a\r\nb' }))).toBe(
    'todos-api            │ 12:01:02 hello \\x1b[2J user=a\\x0d\\x0ab',
  );
});

test('colours are put on only when they are wanted', () => {
  const entry = line({ level: 50, msg: 'no' });
  expect(formatLogLine({ name: 'todos-api' }, entry, coloured)).toContain('\u001b[');
  expect(shown(entry)).not.toContain('\u001b[');
});
