import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { listen } from '@latchkey/service';
import { resolveFromRoot } from '@latchkey/settings';
import { afterEach, beforeEach, expect, test } from 'vitest';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'todos-api-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** The program as an operator starts it, with these settings and no others. */
function start(settings: Record<string, string>): ChildProcessByStdio<null, Readable, Readable> {
  const { PATH = '' } = process.env;
  return spawn(process.execPath, [resolveFromRoot('apps/todos-api/src/main.ts')], {
    env: { PATH, DATA_DIR: folder, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function endOf(child: ReturnType<typeof start>) {
  const [[code], errors] = await Promise.all([once(child, 'exit'), text(child.stderr)]);
  return { code, errors };
}

async function freePort(): Promise<number> {
  await using listener = await listen({ handler: () => {}, host: 'localhost', port: 0 });
  return listener.port;
}

test('it says in one line that it is ready, serves, and stops cleanly', async () => {
  const port = await freePort();
  const child = start({ PORT: String(port) });
  const [line] = await once(child.stdout, 'data');
  expect(JSON.parse(String(line))).toMatchObject({ msg: `todos API ready at http://localhost:${port}` });
  expect((await fetch(`http://localhost:${port}/readyz`)).status).toBe(200);
  child.kill('SIGTERM');
  expect(await endOf(child)).toEqual({ code: 0, errors: '' });
});

test('what an operator must mend is said in plain words', async () => {
  const { code, errors } = await endOf(start({ PORT: 'x', ISSUER: 'x' }));
  expect(code).toBe(1);
  expect(errors).toMatch(/^These settings must be mended.*\n {2}- PORT: .*\n {2}- ISSUER: .*\n$/);
});

test('a port that is taken is named', async () => {
  await using listener = await listen({ handler: () => {}, host: 'localhost', port: 0 });
  const { code, errors } = await endOf(start({ PORT: String(listener.port) }));
  expect(code).toBe(1);
  expect(errors).toMatch(new RegExp(`^Port ${listener.port} is taken .* with PORT\\.\n$`));
});
