import { expect, test } from 'vitest';
import { csrfToken, verifyCsrf } from './csrf.ts';

const secret = new Uint8Array(32).fill(7);
const token = csrfToken(secret, 'session-1');

test('the own token of the own session is accepted, each time', () => {
  expect(verifyCsrf(secret, 'session-1', token)).toBe(true);
  expect(csrfToken(secret, 'session-1')).toBe(token);
});

test('the token of another session, or made with another secret, is refused', () => {
  expect(verifyCsrf(secret, 'session-2', token)).toBe(false);
  expect(verifyCsrf(new Uint8Array(32), 'session-1', token)).toBe(false);
});

test.each([undefined, null, '', 'x', `${token}x`, token.slice(1), [token], { token }, 0])(
  '%j is refused',
  (presented) => {
    expect(verifyCsrf(secret, 'session-1', presented)).toBe(false);
  },
);

test('the token does not tell the session it is for', () => {
  expect(token).not.toContain('session-1');
  expect(Buffer.from(token, 'base64url')).toHaveLength(32);
});
