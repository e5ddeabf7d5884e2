import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { freePort } from '@latchkey/database/testing';
import { resolveFromRoot } from '@latchkey/settings';
import { expect, test } from 'vitest';
import { isSignIn } from '../authorization-server/person.ts';
import { startMcpTown } from './mcp-town.ts';

const guide = readFileSync(resolveFromRoot('docs/mcp.md'), 'utf8');
const printed = /```ts\n(import [\s\S]*?)```/.exec(guide)?.[1] ?? '';

test('the client of docs/mcp.md works as it is printed, and asks again when a scope is missing', async () => {
  await using both = await startMcpTown();
  const file = resolveFromRoot(`mcp-example-${process.pid}.ts`);
  writeFileSync(
    file,
    printed.replace('http://localhost:3001/mcp', both.mcpUrl).replaceAll('7777', String(await freePort())),
  );
  const client = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const alice = both.town.person('alice');
  const said: string[] = [];
  const wishes = [{ without: ['write:todos'] }, {}];
  try {
    for await (const line of createInterface({ input: client.stdout })) {
      const address = /^Open (.+)$/.exec(line)?.[1];
      if (address === undefined) said.push(line);
      else {
        let page = await alice.open(address);
        if (isSignIn(page)) page = await alice.signIn(page);
        page = await alice.allow(page, wishes.shift());
        expect(await (await fetch(page.url)).text()).toMatch('Done');
      }
    }
  } finally {
    if (client.exitCode === null && client.kill()) await once(client, 'exit');
    rmSync(file);
  }
  expect(wishes).toEqual([]);
  expect(said.join('')).toMatch(/Water the plants.*Water the plants/);
});
