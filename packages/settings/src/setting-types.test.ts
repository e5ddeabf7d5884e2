import { expect, test } from 'vitest';
import { booleanSetting, listSetting, originSetting, portSetting } from './setting-types.ts';

test.each(['true', '1', 'yes', 'on', 'TRUE', 'Yes'])('%j is true', (word) => {
  expect(booleanSetting.parse(word)).toBe(true);
});

test.each(['false', '0', 'no', 'off', 'False'])('%j is false', (word) => {
  expect(booleanSetting.parse(word)).toBe(false);
});

test.each(['', 'maybe', 'truee', ' true'])('%j is neither true nor false', (word) => {
  expect(booleanSetting.safeParse(word).success).toBe(false);
});

test.each(['0', '3000', '65535'])('%s is a port', (port) => {
  expect(portSetting.parse(port)).toBe(Number(port));
});

test.each(['', '-1', '65536', '3000.5', '0x10', ' 80', 'http'])('%j is no port', (port) => {
  expect(portSetting.safeParse(port).success).toBe(false);
});

test('a list is separated by commas, and its empty members are dropped', () => {
  expect(listSetting.parse(' a, b ,,c,')).toEqual(['a', 'b', 'c']);
  expect(listSetting.parse('')).toEqual([]);
});

test.each([
  ['https://login.example', 'https://login.example'],
  ['https://login.example/', 'https://login.example'],
  ['http://localhost:3000', 'http://localhost:3000'],
  ['https://login.example:443', 'https://login.example'],
  ['http://[::1]:3000', 'http://[::1]:3000'],
])('%s is the origin %s', (value, origin) => {
  expect(originSetting.parse(value)).toBe(origin);
});

test.each([
  'login.example',
  'https://login.example/path',
  'https://login.example/?query',
  'https://login.example/#fragment',
  'https://user:password@login.example',
  'ftp://login.example',
  'javascript:alert(1)',
  '',
])('%j is no origin', (value) => {
  expect(originSetting.safeParse(value).success).toBe(false);
});
