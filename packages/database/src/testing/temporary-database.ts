import { mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { borrowDatabase, giveBack } from './postgres-lender.ts';

/** For `describe.each(engines)('on %s', …)`. */
export const engines = ['sqlite', 'postgres'] as const;

/** An empty database, in the words of `openDatabase`: several may open it, and all close before it is gone. */
export interface TemporaryDatabase extends AsyncDisposable {
  /** Undefined for SQLite. */
  readonly url: string | undefined;
  readonly file: string;
}

/** Gone afterwards, as is all that was in it. In a run of vitest only, which keeps a PostgreSQL ready. */
export async function temporaryDatabase(engine: (typeof engines)[number]): Promise<TemporaryDatabase> {
  const folder = mkdtempDisposableSync(join(tmpdir(), 'latchkey-'));
  const url = engine === 'postgres' ? await borrowDatabase() : undefined;
  return {
    url,
    file: join(folder.path, 'data', 'test.sqlite'),
    async [Symbol.asyncDispose]() {
      folder.remove();
      if (url) await giveBack(url);
    },
  };
}
