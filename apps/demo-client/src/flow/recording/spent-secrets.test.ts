import type { Exchange } from '@latchkey/flow-reports';
import { expect, test } from 'vitest';
import { hashOf } from '../presenting/secret-values.ts';
import { seenSecrets } from './spent-secrets.ts';

const minute = 60_000;
const form = (members: Record<string, string>) => new URLSearchParams(members).toString();

function post(path: string, body: string, answer: Exchange['answer'], changes: Partial<Exchange> = {}): Exchange {
  return {
    id: `${path} ${body}`,
    traceId: 't',
    from: 'client',
    to: 'authorization-server',
    channel: 'back',
    startedAt: 0,
    tookMs: 0,
    request: { method: 'POST', url: `http://as${path}`, headers: [], body },
    ...(answer && { answer }),
    checks: [],
    ...changes,
  };
}

const answered = (status: number, members: object = {}) => ({ status, headers: [], body: JSON.stringify(members) });
const swap = form({ grant_type: 'authorization_code', code: 'a-code', code_verifier: 'a-verifier' });
const renew = (token: string) => form({ grant_type: 'refresh_token', refresh_token: token });
const isShown = (exchanges: readonly Exchange[], value: string, now = 0) =>
  seenSecrets(exchanges, now).get(hashOf(value))?.spent ?? 'never';

test('a code and its verifier are shown once they were swapped, and not when that was refused', () => {
  for (const value of ['a-code', 'a-verifier']) {
    expect(isShown([post('/token', swap, answered(200))], value)).toBe(true);
    expect(isShown([post('/token', swap, answered(400, { error: 'invalid_grant' }))], value)).toBe(false);
    expect(isShown([post('/token', swap, answered(200)), post('/token', swap, answered(400))], value)).toBe(true);
    expect(isShown([post('/token', swap, undefined)], value)).toBe('never');
    expect(isShown([post('/other', swap, answered(200))], value)).toBe('never');
  }
});

test('an access token is shown a minute after it has run out, and never where nobody said when', () => {
  const [exchange] = [
    post('/token', swap, answered(200, { access_token: 'at', expires_in: 300 }), { startedAt: minute }),
  ];
  expect(isShown([exchange], 'at', 6 * minute)).toBe(false);
  expect(isShown([exchange], 'at', 7 * minute + 1)).toBe(true);
  expect(isShown([post('/token', swap, answered(200, { access_token: 'at' }))], 'at', 1e15)).toBe(false);
});

test('a refresh token that was replaced is shown once its successor was used, or its time of grace is over', () => {
  const first = post('/token', swap, answered(200, { refresh_token: 'rt-1' }));
  const second = post('/token', renew('rt-1'), answered(200, { refresh_token: 'rt-2' }));
  const third = post('/token', renew('rt-2'), answered(200, { refresh_token: 'rt-3' }));
  expect(isShown([first], 'rt-1', 1e15)).toBe(false);
  expect(isShown([first, second], 'rt-1')).toBe(false);
  expect(isShown([first, second], 'rt-1', 10 * minute + 1)).toBe(true);
  expect(isShown([first, second, third], 'rt-1')).toBe(true);
  expect(isShown([first, second, third], 'rt-3', 1e15)).toBe(false);
});

test('a refresh token that was revoked or refused is shown, but not because a stranger asked to revoke it', () => {
  const first = post('/token', swap, answered(200, { refresh_token: 'rt-1' }));
  const revoke = form({ token: 'rt-1' });
  expect(isShown([first, post('/revoke', revoke, answered(200))], 'rt-1')).toBe(true);
  expect(isShown([first, post('/revoke', revoke, answered(503))], 'rt-1')).toBe(false);
  expect(isShown([first, post('/revoke', revoke, answered(200), { from: 'browser' })], 'rt-1')).toBe(false);
  expect(isShown([first, post('/token', renew('rt-1'), answered(400, { error: 'invalid_grant' }))], 'rt-1')).toBe(true);
  expect(isShown([first, post('/token', renew('rt-1'), answered(400, { error: 'invalid_scope' }))], 'rt-1')).toBe(
    false,
  );
});

test('nothing else is ever shown, and nothing that is said can break it', () => {
  const members = { id_token: 'an-id-token', expires_in: 'soon', access_token: 7 };
  const exchange = post('/token', `${swap}&client_secret=s`, {
    status: 200,
    headers: [],
    body: JSON.stringify(members),
  });
  expect([...seenSecrets([exchange], 1e15).keys()].sort()).toEqual([hashOf('a-code'), hashOf('a-verifier')].sort());
  for (const body of ['', 'x', 'null', '[]', '{'])
    expect(isShown([post('/token', swap, { status: 200, headers: [], body })], 'a-code')).toBe(true);
});
