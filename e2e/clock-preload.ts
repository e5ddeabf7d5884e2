/**
 * Loaded into every app of a town (`NODE_OPTIONS=--import`): moves `Date` by the milliseconds that stand in the file
 * named by CLOCK_FILE. Asked at every reading, so that a move is there for all processes as soon as it is written; the
 * system answers that in a microsecond. Timers and `performance.now()` go on as they are.
 */
import { readFileSync, statSync } from 'node:fs';

const file = process.env.CLOCK_FILE;

if (file) {
  const SystemDate = Date;
  const systemNow = Date.now;
  let seen = { ino: 0, mtimeMs: 0 };
  let offset = 0;

  const now = () => {
    const { ino, mtimeMs } = statSync(file);
    if (ino !== seen.ino || mtimeMs !== seen.mtimeMs) {
      seen = { ino, mtimeMs };
      offset = Number(readFileSync(file, 'utf8'));
    }
    return systemNow() + offset;
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
