import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import type { PresentedExchange, PresentedPart } from '../presented-exchange.ts';
import { curlOf } from './curl.ts';
import { harOf } from './har.ts';

const text = (name: string, where: PresentedPart['where'], value: string): PresentedPart => ({
  name,
  where,
  value: { kind: 'text', text: value },
});
const secret = (name: string, where: PresentedPart['where']): PresentedPart => ({
  name,
  where,
  value: { kind: 'secret', hash: '3f2a91c0', length: 43 },
});

function exchange(changes: Partial<PresentedExchange>): PresentedExchange {
  return {
    id: 't-s',
    order: 1,
    from: 'client',
    to: 'authorization-server',
    channel: 'back',
    step: 'token-exchange',
    title: 'The client swaps the code for tokens',
    startedAt: 0,
    outcome: 'done',
    checks: [],
    request: { label: 'POST /token', carries: [], method: 'POST', url: 'http://as/token', parameters: [], headers: [] },
    ...changes,
  };
}

const swap = exchange({
  tookMs: 12,
  request: {
    label: 'POST /token',
    carries: [],
    method: 'POST',
    url: 'http://as/token',
    headers: [secret('authorization', 'header'), text('accept', 'header', 'application/json')],
    parameters: [text('grant_type', 'form', 'authorization_code'), secret('code_verifier', 'form')],
  },
  answer: {
    label: '200',
    carries: [],
    status: 200,
    headers: [],
    parameters: [text('token_type', 'json', 'Bearer'), secret('access_token', 'json')],
  },
});

/** The words that a shell makes of a command, with its variables set. */
function wordsOf(command: string): string[] {
  const script = command.replace(/^curl/, 'printf "%s\\0"');
  const env = {
    CODE_VERIFIER: 'the verifier',
    CLIENT_ID: 'id',
    CLIENT_SECRET: 's',
    ACCESS_TOKEN: 'at',
    X: 'x',
    COOKIES: 'c',
  };
  return execFileSync('/bin/sh', ['-c', script], { env, encoding: 'utf8' }).split('\0').slice(0, -1);
}

test('a command sends what was sent, with variables where secrets were', () => {
  expect(wordsOf(curlOf(swap))).toEqual([
    '--user',
    'id:s',
    '--header',
    'accept: application/json',
    '--data-urlencode',
    'grant_type=authorization_code',
    '--data-urlencode',
    'code_verifier=the verifier',
    'http://as/token',
  ]);
});

test('whatever a value holds, a shell reads it as it was', () => {
  const nasty = `it's "so" $HOME \`id\` \\ ; | & \n * ~ #!`;
  const request = {
    ...swap.request,
    method: 'PATCH',
    url: "http://api/api/todos/'1'",
    headers: [secret('Authorization', 'header'), text('x', 'header', nasty)],
    parameters: [
      text('q', 'query', nasty),
      text('title', 'json', nasty),
      text('completed', 'json', 'true'),
      secret('x', 'json'),
    ],
  };
  const words = wordsOf(curlOf(exchange({ to: 'api', request })));
  expect(words).toEqual([
    '--request',
    'PATCH',
    '--header',
    'Authorization: Bearer at',
    '--header',
    `x: ${nasty}`,
    '--json',
    JSON.stringify({ title: nasty, completed: true, x: 'x' }),
    '--url-query',
    `q=${nasty}`,
    "http://api/api/todos/'1'",
  ]);
});

test('an archive has what version 1.2 asks for, and hashes where secrets were', () => {
  const { log } = harOf([swap, exchange({ outcome: 'failed', failure: 'ECONNREFUSED' })]);
  expect(log).toMatchObject({ version: '1.2', creator: { name: expect.any(String), version: expect.any(String) } });
  const [first, second] = log.entries;
  for (const entry of log.entries) {
    expect(Date.parse(entry.startedDateTime)).toBe(0);
    expect(entry.time).toBe(entry.timings.send + entry.timings.wait + entry.timings.receive);
    for (const side of [entry.request, entry.response])
      expect(side).toMatchObject({
        httpVersion: 'HTTP/1.1',
        cookies: [],
        headers: expect.any(Array),
        headersSize: -1,
        bodySize: -1,
      });
  }
  expect(first?.request.postData).toEqual({
    mimeType: 'application/x-www-form-urlencoded',
    params: [
      { name: 'grant_type', value: 'authorization_code' },
      { name: 'code_verifier', value: '[hash 3f2a91c0, 43 characters]' },
    ],
    text: 'grant_type=authorization_code&code_verifier=%5Bhash%203f2a91c0%2C%2043%20characters%5D',
  });
  expect(first?.response.content).toMatchObject({ mimeType: 'application/json' });
  expect(second?.response).toMatchObject({ status: 0, redirectURL: '' });
});
