import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { testEngine } from '@latchkey/database/testing';
import { createLogger } from '@latchkey/service';
import { expect, test } from 'vitest';
import { KeyMismatchError } from '../../apps/authorization-server/src/keys/data-key.ts';
import { createAuthorizationServer } from '../../apps/authorization-server/src/server.ts';
import { openTables } from '../../apps/authorization-server/src/tables.ts';
import { startTown, type Town } from './town.ts';

const program = join(import.meta.dirname, '../../apps/authorization-server/src/cli.ts');

/** The operator at a terminal beside the running server. */
async function latchkey(town: Town, line: string, environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, [program, ...line.split(' '), '--json'], {
    env: { PATH: process.env.PATH, DATA_DIR: town.dataDirectory, NODE_NO_WARNINGS: '1', ...environment },
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, err, answer: JSON.parse(out) };
}

/** A server that starts on the same data, with this key. */
async function restartWith(town: Town, key: Buffer) {
  const settings = { ...town.settings, keyEncryptionKey: key };
  const server = await createAuthorizationServer(settings, createLogger('again', 'silent'));
  await server.close();
}

const keyIn = (file: string) => Buffer.from(readFileSync(file, 'utf8').trim(), 'base64url');

test('the key in the data folder is replaced while the server runs: what was issued works on, the old key opens nothing', async () => {
  await using town = await startTown();
  const file = join(town.dataDirectory, 'authorization-server', 'key-encryption-key');
  const app = await town.app();
  const tokens = await town.person('alice').connect(app);
  const before = keyIn(file);

  const rotated = await latchkey(town, 'key rotate');
  expect(rotated).toMatchObject({ code: 0, err: '', answer: { file, retired: 1 } });
  expect(keyIn(file)).not.toEqual(before);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect((await latchkey(town, 'key list')).answer).toMatchObject([{ id: rotated.answer.key, given: true }]);

  const refreshed = await app.refresh(tokens.refresh_token);
  expect(refreshed.status).toBe(200);
  await restartWith(town, keyIn(file));
  await expect(restartWith(town, before)).rejects.toThrow(KeyMismatchError);
  expect((await app.refresh(refreshed.body.refresh_token)).status).toBe(200);
});

test('a key that the operator gives: both open the data until the old one is retired', async () => {
  const first = randomBytes(32);
  await using town = await startTown();
  const generated = { KEY_ENCRYPTION_KEY_FILE: join(town.dataDirectory, 'authorization-server', 'key-encryption-key') };
  const nextFile = join(town.dataDirectory, 'next-key');

  const unnamed = await latchkey(town, 'key rotate', generated);
  expect(unnamed).toMatchObject({ code: 1, answer: { problems: [expect.stringContaining('--new-key-file FILE')] } });
  const rotated = await latchkey(town, `key rotate --new-key-file ${nextFile}`, generated);
  expect(rotated).toMatchObject({ code: 0, answer: { file: nextFile, retired: 0 } });
  expect((await latchkey(town, `key rotate --new-key-file ${nextFile}`, generated)).answer).toEqual(rotated.answer);
  await restartWith(town, keyIn(generated.KEY_ENCRYPTION_KEY_FILE));
  await restartWith(town, keyIn(nextFile));
  await expect(restartWith(town, first)).rejects.toThrow(KeyMismatchError);

  const given = { KEY_ENCRYPTION_KEY_FILE: nextFile };
  expect((await latchkey(town, 'key retire', given)).answer).toEqual({ key: rotated.answer.key, retired: 1 });
  await restartWith(town, keyIn(nextFile));
  await expect(restartWith(town, keyIn(generated.KEY_ENCRYPTION_KEY_FILE))).rejects.toThrow(KeyMismatchError);
  const shutOut = await latchkey(town, 'key list', generated);
  expect(shutOut).toMatchObject({ code: 1, answer: { problems: [expect.stringContaining('does not open')] } });
});

test('retiring with the old key still in hand is refused: it would shut out the new one', async () => {
  await using town = await startTown();
  const old = { KEY_ENCRYPTION_KEY_FILE: join(town.dataDirectory, 'authorization-server', 'key-encryption-key') };
  const nextFile = join(town.dataDirectory, 'next-key');
  const rotated = await latchkey(town, `key rotate --new-key-file ${nextFile}`, old);
  const refused = await latchkey(town, 'key retire', old);
  expect(refused).toMatchObject({ code: 1, answer: { problems: [expect.stringContaining(rotated.answer.key)] } });
  expect((await latchkey(town, 'key retire --force', old)).answer).toMatchObject({ retired: 1 });
  await expect(restartWith(town, keyIn(nextFile))).rejects.toThrow(KeyMismatchError);
});

test.skipIf(testEngine !== 'sqlite')(
  'of a key that was shut out nothing is left, neither in the file nor in its log',
  async () => {
    await using town = await startTown();
    await using tables = await openTables(town.settings);
    const [before] = await tables.query.selectFrom('data_keys').select('sealed').execute();
    await latchkey(town, 'key rotate');
    for (const name of ['', '-wal']) {
      expect(readFileSync(town.settings.databaseFile + name).includes(String(before?.sealed)), name).toBe(false);
    }
  },
);
