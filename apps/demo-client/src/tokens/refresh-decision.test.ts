import { expect, test } from 'vitest';
import { isDue, isExpired, secondsLeft } from './refresh-decision.ts';

const receivedAt = 1_000_000;
const after = (seconds: number) => receivedAt + seconds * 1000;

test('S36: a token is renewed 60 s before its end', () => {
  const tokens = { receivedAt, expiresIn: 300 };
  expect(isDue(tokens, 'hybrid', after(239))).toBe(false);
  expect(isDue(tokens, 'hybrid', after(240))).toBe(true);
  expect(isDue(tokens, 'proactive', after(240))).toBe(true);
});

test('one that lives for less than two minutes, at half its life', () => {
  expect(isDue({ receivedAt, expiresIn: 119 }, 'hybrid', after(59))).toBe(false);
  expect(isDue({ receivedAt, expiresIn: 119 }, 'hybrid', after(59.5))).toBe(true);
  expect(isDue({ receivedAt, expiresIn: 120 }, 'hybrid', after(60))).toBe(true);
  expect(isDue({ receivedAt, expiresIn: 2 }, 'hybrid', after(0))).toBe(false);
});

test('S35: in reactive mode never, and neither when the server did not say how long it lives', () => {
  expect(isDue({ receivedAt, expiresIn: 300 }, 'reactive', after(10_000))).toBe(false);
  expect(isDue({ receivedAt, expiresIn: undefined }, 'hybrid', after(10_000))).toBe(false);
  expect(isExpired({ receivedAt, expiresIn: undefined }, after(10_000))).toBe(false);
});

test('its last second counts from when the answer came in', () => {
  const tokens = { receivedAt, expiresIn: 300 };
  expect(isExpired(tokens, after(299.999))).toBe(false);
  expect(isExpired(tokens, after(300))).toBe(true);
  expect(secondsLeft(tokens, after(0.5))).toBe(299);
  expect(secondsLeft(tokens, after(400))).toBe(0);
  expect(secondsLeft({ receivedAt, expiresIn: undefined }, after(1))).toBeUndefined();
});
