export interface ReplayTableOptions {
  /** Lower-case letters, digits and underscores, 40 at most. Default `spent_proofs`. */
  readonly table?: string;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: () => number;
}

/** Some rows at a time, often enough that what is expired goes faster than new ones come: no request waits long for it. */
export const sweptAtOnce = 200;
const spendsBetweenSweeps = 100;

const plainName = /^[a-z_][a-z0-9_]{0,39}$/;

/**
 * The name goes into the text of statements, so only a harmless one may.
 *
 * @throws {TypeError}
 */
export function checkedTable(table = 'spent_proofs'): string {
  if (plainName.test(table)) return table;
  throw new TypeError(`table must be lower-case letters, digits and underscores, 40 at most: ${JSON.stringify(table)}`);
}

/**
 * When to sweep: at the first spend, which also shows at once whether it is allowed to delete, and at every hundredth.
 * NOTE: by count and not by a timer, which would keep a process alive and sweep where nothing is spent.
 */
export function createSweepTurns(): () => boolean {
  let spends = 0;
  return () => spends++ % spendsBetweenSweeps === 0;
}
