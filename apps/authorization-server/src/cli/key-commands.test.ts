import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { admittedKeys, keyId, openDataKey } from '../keys/data-key.ts';
import type { TablesDatabase } from '../tables.ts';
import { startTables } from '../testing/temporary-tables.ts';
import { CommandFailure } from './command.ts';
import { keyCommands } from './key-commands.ts';

/** Two operators, each with the command line open on the same database and key file. */
async function startOperators() {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const tables = await startTables();
  const folder = await mkdtempDisposable(join(tmpdir(), 'latchkey-'));
  const keyFile = join(folder.path, 'key-encryption-key');
  const keyInFile = () => Buffer.from(readFileSync(keyFile, 'utf8').trim(), 'base64url');
  writeFileSync(keyFile, tables.key.toString('base64url'));
  const dataKey = await openDataKey(tables.database, tables.key);
  const operator = (database: TablesDatabase) => async (command: string) => {
    const settings = { keyEncryptionKey: tables.key, keyFile };
    await keyCommands((work) => work({ settings, database })).parseAsync([command], { from: 'user' });
  };
  return {
    one: operator(tables.database),
    other: operator(await tables.again()),
    database: tables.database,
    dataKey,
    keyInFile,
    async [Symbol.asyncDispose]() {
      vi.restoreAllMocks();
      await folder.remove();
      await tables[Symbol.asyncDispose]();
    },
  };
}

test.each(['rotate', 'retire'])(
  'while one replaces the key, another who wants to %s is turned away',
  async (command) => {
    await using room = await startOperators();
    const outcomes = await Promise.allSettled([room.one('rotate'), room.other(command)]);
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
    expect(refused).toEqual([expect.any(CommandFailure)]);
    expect(await openDataKey(room.database, room.keyInFile())).toEqual(room.dataKey);
  },
);

test('one after the other they may: only the key in the file opens the data', async () => {
  await using room = await startOperators();
  await room.one('rotate');
  const [admitted, ...others] = await admittedKeys(room.database);
  expect(admitted?.id).toBe(keyId(room.keyInFile()));
  expect(others).toEqual([]);
  await expect(room.other('rotate')).rejects.toThrow('does not open');
  expect(await openDataKey(room.database, room.keyInFile())).toEqual(room.dataKey);
});
