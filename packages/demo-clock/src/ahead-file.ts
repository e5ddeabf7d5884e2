import { readFileSync } from 'node:fs';

/** Whole milliseconds, alone in the file. */
const written = /^\d{1,11}$/;

/** What can be written. */
export const longestAheadMs = 99_999_999_999;

/**
 * How far ahead a clock's file says that it is, in milliseconds.
 *
 * @returns `undefined` where there is no file, or something else in it: nobody's time must stop for that
 */
export function readAhead(file: string): number | undefined {
  try {
    const text = readFileSync(file, 'utf8').trim();
    return written.test(text) ? Number(text) : undefined;
  } catch {
    return undefined;
  }
}
