import { mkdtempDisposableSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

type Migrations = Readonly<Record<string, string>>;

/** A folder with these migrations. */
export function startTimeline(migrations: Migrations) {
  const folder = mkdtempDisposableSync(join(tmpdir(), 'latchkey-'));
  const add = (more: Migrations) => {
    for (const [name, sql] of Object.entries(more)) writeFileSync(join(folder.path, name), sql);
  };
  add(migrations);
  return { add, folder: folder.path, [Symbol.dispose]: () => folder.remove() };
}
