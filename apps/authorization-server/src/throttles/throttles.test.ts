import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createThrottle } from './throttles.ts';

const start = 1_700_000_000_000;

beforeEach(() => vi.useFakeTimers({ toFake: ['Date'], now: start }));
afterEach(() => vi.useRealTimers());

const after = (seconds: number) => vi.setSystemTime(start + seconds * 1000);

async function failTimes(throttle: ReturnType<typeof createThrottle>, times: number, ...keys: string[]) {
  for (let time = 0; time < times; time++) await throttle.failed(...keys);
}

test('the last allowed failure closes the door, for as long as the limit says', async () => {
  const throttle = createThrottle('test', [{ points: 3, duration: 30 }]);
  await failTimes(throttle, 2, 'alice');
  expect(await throttle.waitFor('alice')).toBe(0);
  await throttle.failed('alice');
  expect(await throttle.waitFor('alice')).toBe(30);
  after(10.5);
  expect(await throttle.waitFor('alice')).toBe(20);
  after(29.9);
  expect(await throttle.waitFor('alice')).toBe(1);
});

test('it is over by itself, and counts from the beginning then', async () => {
  const throttle = createThrottle('test', [{ points: 3, duration: 30 }]);
  await failTimes(throttle, 10, 'alice');
  after(30);
  expect(await throttle.waitFor('alice')).toBe(0);
  await failTimes(throttle, 2, 'alice');
  expect(await throttle.waitFor('alice')).toBe(0);
});

test('of several limits the longest wait counts', async () => {
  const limits = [
    { points: 2, duration: 30 },
    { points: 4, duration: 900 },
  ];
  const throttle = createThrottle('test', limits);
  await failTimes(throttle, 2, 'alice');
  expect(await throttle.waitFor('alice')).toBe(30);
  after(31);
  await failTimes(throttle, 2, 'alice');
  expect(await throttle.waitFor('alice')).toBe(900 - 31);
});

test('success wipes the slate', async () => {
  const throttle = createThrottle('test', [{ points: 2, duration: 30 }]);
  await failTimes(throttle, 5, 'alice');
  await throttle.succeeded('alice');
  expect(await throttle.waitFor('alice')).toBe(0);
});

test('keys are apart, and cannot flow into one another', async () => {
  const throttle = createThrottle('test', [{ points: 1, duration: 30 }]);
  await throttle.failed('a', 'b');
  expect(await throttle.waitFor('a', 'b')).toBe(30);
  for (const keys of [['a'], ['b'], ['ab'], ['a,b'], ['a","b'], ['b', 'a'], ['a', 'b', '']]) {
    expect(await throttle.waitFor(...keys), JSON.stringify(keys)).toBe(0);
  }
});

test('two throttles do not share their counts', async () => {
  const limits = [{ points: 1, duration: 30 }];
  const [one, two] = [createThrottle('test', limits), createThrottle('test', limits)];
  await one.failed('alice');
  expect(await two.waitFor('alice')).toBe(0);
});
