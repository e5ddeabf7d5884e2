import { expect, test } from 'vitest';
import { createMemoryReplayStore } from './memory-replay-store.ts';

const start = Date.parse('2026-01-01T00:00:00Z');

test('a full memory refuses, and takes more once something is expired', () => {
  let now = start;
  const store = createMemoryReplayStore({ maxEntries: 3, now: () => now });
  for (const [key, seconds] of [...Object.entries({ a: 9, b: 2, c: 9 })]) store.spend(key, start + seconds * 1000);
  expect(() => store.spend('d', start + 9_000)).toThrow('3 proofs are remembered already');
  expect(store.spend('a', start + 9_000)).toBe(false);
  now = start + 2_000;
  expect(() => store.spend('d', start + 9_000)).toThrow(expect.objectContaining({ name: 'ReplayStoreFullError' }));
  now = start + 2_001;
  expect(store.spend('d', start + 9_000)).toBe(true);
  expect(() => store.spend('e', start + 9_000)).toThrow();
  now = start + 9_001;
  for (const key of ['e', 'f', 'g']) expect(store.spend(key, now + 1)).toBe(true);
});

test('a full memory does not walk through itself at each request', () => {
  const maxEntries = 20_000;
  let looks = 0;
  const now = () => {
    looks += 1;
    return start;
  };
  const store = createMemoryReplayStore({ maxEntries, now });
  for (let index = 0; index < maxEntries; index++) store.spend(`${index}`, start + 60_000);
  expect(() => store.spend('one more', start + 60_000)).toThrow();
  looks = 0;
  for (let index = 0; index < 1_000; index++) expect(() => store.spend(`more-${index}`, start + 60_000)).toThrow();
  expect(looks).toBeLessThan(10_000);
});
