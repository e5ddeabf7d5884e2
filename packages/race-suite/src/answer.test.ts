import { expect, test } from 'vitest';
import { answerOf, noAnswer, tally, told } from './answer.ts';

const answer = (status: number, text = '') => answerOf({ status, headers: new Headers(), text });

test.each([
  [200, '{"access_token":"x"}', '200'],
  [201, '{}', '200'],
  [400, '{"error":"invalid_grant"}', '400 invalid_grant'],
  [400, '{"error":"invalid_request"}', 'other 4xx'],
  [401, '{"error":"invalid_grant"}', 'other 4xx'],
  [403, '<h1>Forbidden</h1>', 'other 4xx'],
  [429, '', '429'],
  [500, '', '5xx'],
  [302, '', 'other'],
])('%i %s counts as %s', (status, text, kind) => {
  expect(answer(status, text).kind).toBe(kind);
});

test('that nobody answers is an answer too', () => {
  const refusedConnection = new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } });
  expect(noAnswer(refusedConnection)).toMatchObject({ kind: 'network', error: 'ECONNREFUSED' });
  expect(told(noAnswer(new DOMException('late', 'TimeoutError')))).toBe('TimeoutError');
});

test('answers are counted by kind', () => {
  expect(tally([answer(200), answer(500), answer(502)])).toEqual({ '200': 1, '5xx': 2 });
});

test('what a server says about itself is cut short', () => {
  expect(told(answer(400, JSON.stringify({ error: 'x'.repeat(500) })))).toBe(`400 ${'x'.repeat(40)}`);
});
