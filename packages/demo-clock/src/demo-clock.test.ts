import { execFile } from 'node:child_process';
import { mkdtempDisposableSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { demoClockFile, openDemoClock } from './demo-clock.ts';

const hour = 3_600_000;
const mostMs = 400 * 24 * hour;
const folder = () => mkdtempDisposableSync(join(tmpdir(), 'latchkey-clock-'));
const preload = import.meta.resolve('./preload.ts');

/** What a program prints that goes by the clock of that file. */
async function printed(
  program: string,
  DEMO_CLOCK_FILE: string,
  environment: NodeJS.ProcessEnv = {},
): Promise<unknown> {
  const { NODE_ENV: _, ...own } = process.env;
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', preload, '--eval', program], {
    env: { ...own, DEMO_CLOCK_FILE, ...environment },
  });
  return JSON.parse(stdout);
}

test('a clock that nobody has moved goes like the system’s; moves add up and are kept', () => {
  using data = folder();
  const file = demoClockFile(join(data.path, 'not there yet'));
  expect(openDemoClock(file).aheadMs()).toBe(0);
  expect(openDemoClock(file).advance(hour)).toBe(hour);
  expect(openDemoClock(file).advance(1)).toBe(hour + 1);
  expect(openDemoClock(file).aheadMs()).toBe(hour + 1);
  expect(readdirSync(join(data.path, 'not there yet'))).toEqual(['demo-clock']);
});

test('it moves forward only, by whole milliseconds, and not out of sight', () => {
  using data = folder();
  const clock = openDemoClock(demoClockFile(data.path));
  clock.advance(hour);
  for (const ms of [0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, mostMs])
    expect(clock.advance(ms)).toBeUndefined();
  expect(clock.aheadMs()).toBe(hour);
  expect(clock.advance(mostMs - hour)).toBe(mostMs);
  expect(clock.advance(1)).toBeUndefined();
  expect(openDemoClock(demoClockFile(data.path), 2 * mostMs).advance(1)).toBe(mostMs + 1);
});

test.each(['', 'tomorrow', '-5', '1e3', '123456789012', '12\n34'])('a file that says "%s" moves nothing', (text) => {
  using data = folder();
  const file = demoClockFile(data.path);
  writeFileSync(file, text);
  const clock = openDemoClock(file);
  expect(clock.aheadMs()).toBe(0);
  expect(clock.advance(5)).toBe(5);
  expect(readFileSync(file, 'utf8')).toBe('5');
});

test('a program goes by it while it runs, in every way of asking, and never back', async () => {
  using data = folder();
  const file = demoClockFile(data.path);
  const program = `
    const { writeFileSync, rmSync } = require('node:fs');
    const file = ${JSON.stringify(file)};
    const real = () => performance.timeOrigin + performance.now();
    const hours = (time) => Math.round((time - real()) / 3600000);
    const told = [hours(Date.now())];
    writeFileSync(file, '7200000');
    told.push(hours(Date.now()), hours(new Date().getTime()), hours(Date.parse(Date())), hours(new Date().constructor.now()));
    writeFileSync(file, '3600000');
    told.push(hours(Date.now()));
    rmSync(file);
    told.push(hours(Date.now()));
    class Own extends Date {}
    told.push(new Date(5).getTime(), new Own(6).getTime(), new Own() instanceof Own, new Date() instanceof Date);
    console.log(JSON.stringify(told));`;
  expect(await printed(program, file)).toEqual([0, 2, 2, 2, 2, 2, 2, 5, 6, true, true]);
});

test('in production there is no such clock, whatever is set', async () => {
  using data = folder();
  const file = demoClockFile(data.path);
  openDemoClock(file).advance(24 * hour);
  const program = 'console.log(Math.round((Date.now() - performance.timeOrigin) / 3600000))';
  expect(await printed(program, file)).toBe(24);
  expect(await printed(program, file, { NODE_ENV: 'production' })).toBe(0);
  expect(await printed(program, '')).toBe(0);
});
