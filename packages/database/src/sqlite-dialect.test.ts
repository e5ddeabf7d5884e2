import { mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDatabase } from './open-database.ts';

test('a transaction holds the write lock from its beginning, so that what it has read still stands when it writes', async () => {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'latchkey-'));
  const open = () =>
    openDatabase({ file: join(folder.path, 'data.sqlite'), migrations: folder.path, busyTimeoutMs: 0 });
  await using first = open();
  await using second = open();
  const begin = () => second.query.transaction().execute(async () => 'begun');
  await first.query.transaction().execute(async () => {
    await expect(begin()).rejects.toThrow('database is locked');
  });
  expect(await begin()).toBe('begun');
});
