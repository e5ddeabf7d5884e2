import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { resolveFromRoot } from '@latchkey/settings';
import { expect, test, vi } from 'vitest';
import { startTown, todosApi } from './authorization-server/town.ts';

const readme = readFileSync(resolveFromRoot('README.md'), 'utf8');

/** Saved where the README says, and started as it says. */
function startExample(source: string) {
  const file = resolveFromRoot(`readme-example-${process.pid}.ts`);
  writeFileSync(file, source);
  const child: ChildProcess = spawn(process.execPath, [file], { stdio: 'inherit' });
  return {
    [Symbol.dispose]() {
      child.kill();
      rmSync(file);
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('the example of the README guards an API as it is printed', async () => {
  await using town = await startTown();
  const port = await freePort();
  const printed = /```ts\n([\s\S]*?createApiRouter[\s\S]*?)```/.exec(readme)?.[1] ?? '';
  expect(printed).toContain(todosApi);
  const source = printed.replace('http://localhost:3000', town.issuer).replace('listen(4100', `listen(${port}`);
  using _ = startExample(source);
  const url = `http://localhost:${port}/notes/mine`;
  await vi.waitUntil(() => fetch(url).catch(() => undefined), { timeout: 15_000 });

  const refused = await fetch(url);
  expect(refused.status).toBe(401);
  expect(refused.headers.get('www-authenticate')).toContain('scope="read:todos"');

  const robot = await town.app({ grant_types: ['client_credentials'], redirect_uris: [], scope: 'read:todos' });
  const { body } = await robot.token({ grant_type: 'client_credentials', scope: 'read:todos' });
  const served = await fetch(url, { headers: { authorization: `Bearer ${body.access_token}` } });
  expect(served.status).toBe(200);
  expect(await served.json()).toEqual({ owner: robot.id, scopes: ['read:todos'] });
});
