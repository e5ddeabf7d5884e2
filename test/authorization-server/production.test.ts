import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempDisposableSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { startTown } from './town.ts';

const program = join(import.meta.dirname, '../../apps/authorization-server/src/main.ts');

async function startInProduction(environment: Record<string, string>) {
  const { PATH } = process.env;
  const child = spawn(process.execPath, [program], { env: { PATH, NODE_ENV: 'production', ...environment } });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const [err, code] = await Promise.all([text(child.stderr), ended]);
  return { code, err };
}

const safe = {
  ISSUER: 'https://login.example',
  TODOS_API_RESOURCE: 'https://todos.example/api',
  TRUST_PROXY: '1',
  PORT: '0',
};

test('S41, S42: with nothing set, production says all that it needs at once, and does not start', async () => {
  const { code, err } = await startInProduction({});
  expect(code).toBe(1);
  for (const name of ['ISSUER', 'KEY_ENCRYPTION_KEY', 'TRUST_PROXY', 'TODOS_API_RESOURCE']) expect(err).toContain(name);
  expect(err).not.toContain('    at ');
});

test('production does not start on a database in which the demo people are', async () => {
  await using town = await startTown();
  using folder = mkdtempDisposableSync(join(tmpdir(), 'latchkey-production-'));
  cpSync(town.dataDirectory, folder.path, { recursive: true });
  const { code, err } = await startInProduction({
    ...safe,
    DATA_DIR: folder.path,
    KEY_ENCRYPTION_KEY: town.settings.keyEncryptionKey.toString('base64url'),
  });
  expect(code).toBe(1);
  expect(err).toContain('demo people whose passwords are public (alice, bob, admin)');
});

test('production does not start on data that another key has sealed, and says so', async () => {
  await using town = await startTown();
  using folder = mkdtempDisposableSync(join(tmpdir(), 'latchkey-production-'));
  cpSync(town.dataDirectory, folder.path, { recursive: true });
  const { code, err } = await startInProduction({
    ...safe,
    DATA_DIR: folder.path,
    KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64url'),
  });
  expect(code).toBe(1);
  expect(err).toContain('KEY_ENCRYPTION_KEY');
});
