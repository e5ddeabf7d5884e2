import type { Check, Exchange } from '@latchkey/flow-reports';
import { expect, test } from 'vitest';
import { presentExchange } from './present-exchange.ts';

function presented(to: Exchange['to'], method: string, path: string, changes: Partial<Exchange> = {}) {
  return presentExchange(
    {
      id: 'a-b',
      traceId: 'a',
      from: 'client',
      to,
      channel: 'back',
      startedAt: 1,
      request: { method, url: `https://there.example${path}`, headers: [] },
      answer: { status: 200, headers: [] },
      checks: [],
      ...changes,
    },
    { order: 1 },
  );
}
const refusedFor = (by: Check['by'], name: Check['name'], detail?: string): Partial<Exchange> => ({
  answer: { status: 401, headers: [] },
  checks: [{ by, name, outcome: 'failed', ...(detail !== undefined && { detail }) }],
});
const server = 'authorization-server';

test.each([
  ['client', 'GET', '/auth/callback', 'authorization-answer', 'The browser brings code and state back'],
  ['client', 'POST', '/todos', 'api-call', 'The browser sends a form, and the client calls the API for it'],
  ['client', 'GET', '/', 'session', 'The browser shows its session, by a cookie'],
  [server, 'POST', '/par', 'sign-in', 'The client pushes the request to the server'],
  [server, 'GET', '/authorize', 'authorization-request', 'The browser carries the request to the server'],
  [server, 'POST', '/interaction/x/login', 'sign-in-and-consent', 'The person signs in'],
  [server, 'POST', '/interaction/x/abort', 'sign-in-and-consent', 'The person says no'],
  [server, 'GET', '/jwks', 'keys', 'The public keys are read'],
  ['api', 'POST', '/mcp', 'api-call', 'A tool of the API is called with the access token'],
  ['thief', 'GET', '/', 'other', 'Something else'],
] as const)('%s %s %s is in the step %s', (to, method, path, step, title) => {
  expect(presented(to, method, path)).toMatchObject({ step, title });
});

test.each([
  ['api', 'GET', '/api/todos', refusedFor('api', 'exp'), 'The API refuses the token: it has run out'],
  ['api', 'GET', '/api/todos', refusedFor('api', 'signature'), 'The API refuses the token: its signature does not fit'],
  [
    server,
    'POST',
    '/token',
    refusedFor(server, 'code'),
    'The authorization server refuses the code: it is spent, too old, or of another client',
  ],
  [
    server,
    'GET',
    '/authorize',
    refusedFor(server, 'pkce'),
    'The authorization server refuses the request: it has no challenge that will do',
  ],
  [
    server,
    'GET',
    '/authorize/x',
    { answer: { status: 303, headers: [['Location', 'https://app.example/cb?error=access_denied&state=s']] } },
    'The authorization server refuses the request: the person has said no',
  ],
  [
    'api',
    'POST',
    '/api/todos',
    {
      answer: {
        status: 403,
        headers: [
          ['WWW-Authenticate', 'Bearer error="insufficient_scope", error_description="Missing required scope: a"'],
        ],
      },
    },
    'The API refuses the call: “Missing required scope: a”',
  ],
  ['client', 'GET', '/x', { answer: { status: 404, headers: [] } }, 'The client refuses the request: 404 Not Found'],
  ['api', 'GET', '/api/todos', { answer: undefined, failure: 'ECONNREFUSED' }, 'The API does not answer'],
  ['api', 'GET', '/api/todos', { answer: { status: 503, headers: [] } }, 'The API cannot answer (503)'],
] as const)('%s %s %s, refused or without answer, says what and why', (to, method, path, changes, title) => {
  expect(presented(to, method, path, changes as Partial<Exchange>).title).toBe(title);
});

test('a check says what was looked at where it was made', () => {
  const words = (path: string, check: Check) => presented(server, 'POST', path, { checks: [check] }).checks[0]?.words;
  const passed = { by: server, outcome: 'passed' } as const;
  expect(words('/token', { ...passed, name: 'pkce' })).toBe(
    'The hash of the verifier is the challenge of the request.',
  );
  expect(words('/par', { ...passed, name: 'pkce' })).toContain('The request has a challenge.');
  expect(words('/interaction/x/login', { ...passed, name: 'account' })).toBe('The password is this person’s.');
  expect(words('/token', { by: 'api', name: 'exp', outcome: 'failed', detail: 'ran out 12 s ago' })).toBe(
    'The token has run out (ran out 12 s ago).',
  );
  expect(words('/token', { ...passed, name: 'constructor' as Check['name'] })).toBeUndefined();
});

test('whatever was sent for an address or a name, it can be shown', () => {
  for (const url of ['http://here.example*', 'http://here.examplehttp://there', 'http://here.example/%', ''])
    expect(presented('client', 'OPTIONS', '/', { request: { method: 'GET', url, headers: [] } }).outcome).toBe('done');
  const names = ['constructor', '__proto__', 'toString', 'hasOwnProperty'];
  const query = names.map((name) => `${name}=1`).join('&');
  expect(presented('client', 'GET', `/?${query}`).request.parameters.map(({ why }) => why)).toEqual(
    names.map(() => undefined),
  );
});

test('times and numbers are no secrets', () => {
  const body =
    '{"created_at":"2026-11-24T20:02:31.123Z","expires_in":300,"exp":1764013512,"id":"2507664c-f7ba-493a-9d34-b7509badb169"}';
  const { answer } = presented('api', 'GET', '/api/todos/1', { answer: { status: 200, headers: [], body } });
  expect(answer?.parameters.map(({ value }) => value.kind)).toEqual(['text', 'text', 'text', 'text']);
});
