import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createSignInThrottle, type SignInThrottle } from './sign-in-throttle.ts';

const start = 1_700_000_000_000;

beforeEach(() => vi.useFakeTimers({ toFake: ['Date'], now: start }));
afterEach(() => vi.useRealTimers());

const after = (seconds: number) => vi.setSystemTime(start + seconds * 1000);
const guess = { username: 'alice', ip: '203.0.113.1', knownDevice: false };
type Guess = typeof guess;

async function failTimes(throttle: SignInThrottle, times: number, attempt: (index: number) => Guess) {
  for (let index = 0; index < times; index++) await throttle.failed(attempt(index));
}

test('five wrong passwords from one address cost half a minute, twenty a quarter of an hour', async () => {
  const throttle = createSignInThrottle();
  await failTimes(throttle, 4, () => guess);
  expect(await throttle.waitFor(guess)).toBe(0);
  await throttle.failed(guess);
  expect(await throttle.waitFor(guess)).toBe(30);
  after(30);
  expect(await throttle.waitFor(guess)).toBe(0);
  await failTimes(throttle, 15, () => guess);
  expect(await throttle.waitFor(guess)).toBe(900 - 30);
});

test('however a name is written, it is one name', async () => {
  const throttle = createSignInThrottle();
  const spellings = ['alice', 'ALICE', ' alice ', 'Alice', '\uFF41lice'];
  await failTimes(throttle, 5, (index) => ({ ...guess, username: String(spellings[index]) }));
  expect(await throttle.waitFor(guess)).toBe(30);
});

test('one address that tries many names is stopped, and nobody else', async () => {
  const throttle = createSignInThrottle();
  await failTimes(throttle, 100, (index) => ({ ...guess, username: `person${index}` }));
  expect(await throttle.waitFor({ ...guess, username: 'somebody new' })).toBe(300);
  expect(await throttle.waitFor({ ...guess, ip: '203.0.113.2' })).toBe(0);
});

test('many addresses that try one name are stopped, but not the device that the person has used before', async () => {
  const throttle = createSignInThrottle();
  await failTimes(throttle, 100, (index) => ({ ...guess, ip: `203.0.113.${index}` }));
  const stranger = { ...guess, ip: '198.51.100.1' };
  expect(await throttle.waitFor(stranger)).toBe(900);
  expect(await throttle.waitFor({ ...stranger, knownDevice: true })).toBe(0);
  expect(await throttle.waitFor({ ...stranger, username: 'bob' })).toBe(0);
});

test('what succeeds is never held up, and forgives the tries before it', async () => {
  const throttle = createSignInThrottle();
  for (let round = 0; round < 50; round++) {
    await failTimes(throttle, 2, () => guess);
    expect(await throttle.waitFor(guess)).toBe(0);
    await throttle.succeeded(guess);
    for (let time = 0; time < 20; time++) await throttle.succeeded(guess);
    if (round % 20 === 19) after(round * 60);
  }
});

test('a burst comes in one after another, so that the count is not overtaken', async () => {
  const throttle = createSignInThrottle();
  const tried: number[] = [];
  const burst = Array.from({ length: 30 }, (_, index) =>
    throttle.inTurn(guess, async () => {
      if ((await throttle.waitFor(guess)) > 0) return 'held up';
      tried.push(index);
      await new Promise((resolve) => setImmediate(resolve));
      await throttle.failed(guess);
      return 'tried';
    }),
  );
  const outcomes = await Promise.all(burst);
  expect(outcomes.filter((outcome) => outcome === 'tried')).toHaveLength(5);
  expect(tried).toEqual([0, 1, 2, 3, 4]);
});

test('one try that throws does not block those behind it, and tells its own caller', async () => {
  const throttle = createSignInThrottle();
  const broken = throttle.inTurn(guess, async () => {
    throw new Error('the database is gone');
  });
  const next = throttle.inTurn(guess, async () => 'served');
  await expect(broken).rejects.toThrow('the database is gone');
  expect(await next).toBe('served');
});

test('tries at different names do not wait for one another', async () => {
  const throttle = createSignInThrottle();
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  const slow = throttle.inTurn(guess, () => gate);
  expect(await throttle.inTurn({ ...guess, username: 'bob' }, async () => 'served')).toBe('served');
  expect(await throttle.inTurn({ ...guess, ip: '203.0.113.9' }, async () => 'served')).toBe('served');
  open();
  await slow;
});
