import { expect, test } from 'vitest';
import { createResponseParser } from './response-parser.ts';

const withLength = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{"ok":true}';
const chunked =
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n5\r\nhello\r\n7\r\n, world\r\n0\r\n\r\n';

test.each([
  ['with a length', withLength, '{"ok":true}'],
  ['in chunks', chunked, 'hello, world'],
  ['without a body', 'HTTP/1.1 204 No Content\r\nVary: Origin\r\n\r\n', ''],
  ['with an empty body', 'HTTP/1.1 303 See Other\r\nlocation: /a\r\ncontent-length: 0\r\n\r\n', ''],
])('an answer %s is read, in whatever pieces it comes', (_, text, body) => {
  for (const size of [1, 7, text.length]) {
    const parse = createResponseParser();
    const bytes = Buffer.from(text);
    const answers = [];
    for (let at = 0; at < bytes.length; at += size) answers.push(parse(bytes.subarray(at, at + size)));
    expect(answers.slice(0, -1).every((answer) => answer === undefined)).toBe(true);
    expect(answers.at(-1)?.body.toString()).toBe(body);
  }
});

test('status and headers are found, however the names are written', () => {
  const answer = createResponseParser()(
    Buffer.from(
      'HTTP/1.1 303 See Other\r\nLocation: https://app.example/?code=1\r\nx-one: a\r\nContent-Length: 0\r\n\r\n',
    ),
  );
  expect(answer?.status).toBe(303);
  expect(answer?.header('location')).toBe('https://app.example/?code=1');
  expect(answer?.header('x-one')).toBe('a');
  expect(answer?.header('x-two')).toBeUndefined();
});

test('one answer after the other on the same connection', () => {
  const parse = createResponseParser();
  expect(parse(Buffer.from(withLength))?.status).toBe(200);
  expect(parse(Buffer.from(chunked))?.body.toString()).toBe('hello, world');
});

test.each([
  ['that is no HTTP', 'SSH-2.0-OpenSSH\r\n\r\n'],
  ['whose end only closing would show', 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nbody'],
  ['with more than was asked for', `${withLength}HTTP/1.1 200 OK\r\n`],
])('an answer %s is refused', (_, text) => {
  expect(() => createResponseParser()(Buffer.from(text))).toThrow();
});
