import { expect, test } from 'vitest';
import { createDpopNonces } from './nonces.ts';

const start = Date.parse('2026-01-01T00:00:00Z');
const secret = new Uint8Array(32).fill(7);

test('a nonce is accepted in its window and in the next, and then no more', () => {
  let now = start;
  const nonces = createDpopNonces({ secret, windowSeconds: 60, now: () => now });
  const nonce = nonces.issue();
  expect(nonce).toMatch(/^[\w-]{43}$/);
  for (const seconds of [0, 59, 60, 119]) {
    now = start + seconds * 1000;
    expect(nonces.accepts(nonce)).toBe(true);
  }
  for (const seconds of [120, 180, -1]) {
    now = start + seconds * 1000;
    expect(nonces.accepts(nonce)).toBe(false);
  }
});

test('replicas with one secret accept what the other gave out; another secret is another server', () => {
  const now = () => start;
  const nonce = createDpopNonces({ secret, now }).issue();
  expect(createDpopNonces({ secret, now }).accepts(nonce)).toBe(true);
  expect(createDpopNonces({ secret: new Uint8Array(32), now }).accepts(nonce)).toBe(false);
  expect(createDpopNonces({ now }).accepts(nonce)).toBe(false);
});

test.each([undefined, null, '', 'x', 7, {}, ['x'], 'é'.repeat(43), 'x'.repeat(43), 'x'.repeat(100_000)])(
  'what was never given out is refused (%#)',
  (nonce) => {
    expect(createDpopNonces({ secret, now: () => start }).accepts(nonce)).toBe(false);
  },
);

test('a short secret and an empty window are refused at the start', () => {
  expect(() => createDpopNonces({ secret: new Uint8Array(31) })).toThrow(TypeError);
  expect(() => createDpopNonces({ windowSeconds: 0 })).toThrow(TypeError);
});
