import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'playwright/test';
import { type Ask, createAssistant } from '../test/todos-api/mcp-assistant.ts';
import { test } from './people.ts';
import type { Person } from './person.ts';

/** The door that a program on Alice's computer opens to be called back, on any free port. */
async function startCallback() {
  const server = createServer((_, response) => response.end('You can close this page.'));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

function asking(person: Person, callback: string, unticked?: string): Ask {
  return async (address) => {
    await person.page.goto(address.href);
    if (await person.pages.signInHeading.isVisible()) await person.signsIn();
    const asked = await person.pages.asked();
    if (unticked !== undefined) await person.unticks(unticked);
    await person.allows();
    await person.page.waitForURL(`${callback}?*`);
    return { asked, cameBackTo: new URL(person.page.url()) };
  };
}

test('Alice lets an assistant read her todos, and write when it needs to; the app shows what it has written', async ({
  alice,
  town,
}) => {
  await using callback = await startCallback();
  const assistant = createAssistant(`${town.todosApi}/mcp`, { redirectUri: callback.url });
  const client = await assistant.connect(asking(alice, callback.url, 'write:todos'));
  const list = await client.callTool({ name: 'list_todos', arguments: {} });
  expect(list.structuredContent).toEqual({ todos: [] });

  await assistant.call('add_todo', { title: 'Water the plants' }, asking(alice, callback.url));
  expect(assistant.asked).toEqual([['read:todos', 'write:todos'], ['write:todos']]);

  await alice.app.open();
  await alice.hands.press(alice.app.signIn);
  await alice.allows();
  await expect(alice.page.getByText('Water the plants')).toBeVisible();
});
