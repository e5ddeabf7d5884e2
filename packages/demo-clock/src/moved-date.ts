import { statSync } from 'node:fs';
import { readAhead } from './ahead-file.ts';

let isFollowing = false;

/**
 * From now on `Date` in this process is ahead by what the clock's file says, and never goes back, whatever becomes of the file.
 * It is asked at every reading, so that a move is there as soon as it is written; the system answers that in a microsecond.
 * Timers and `performance.now()` go on as they are.
 */
export function followDemoClock(file: string): void {
  // NOTE: the way would be taken twice by a program that follows by itself and was started with the preload as well.
  if (isFollowing) return;
  isFollowing = true;
  const SystemDate = Date;
  const systemNow = Date.now;
  let seen = { ino: 0, mtimeMs: 0 };
  let ahead = 0;

  const now = () => {
    const found = statSync(file, { throwIfNoEntry: false });
    if (found && (found.ino !== seen.ino || found.mtimeMs !== seen.mtimeMs)) {
      seen = { ino: found.ino, mtimeMs: found.mtimeMs };
      ahead = Math.max(ahead, readAhead(file) ?? 0);
    }
    return systemNow() + ahead;
  };

  const MovedDate: DateConstructor = new Proxy(SystemDate, {
    construct: (target, args, newTarget): Date =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget === MovedDate ? target : newTarget),
    apply: () => new SystemDate(now()).toString(),
  });
  SystemDate.now = now;
  SystemDate.prototype.constructor = MovedDate;
  globalThis.Date = MovedDate;
}
