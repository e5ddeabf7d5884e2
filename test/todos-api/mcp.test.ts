import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { expect, test } from 'vitest';
import { stopClock } from '../authorization-server/clock.ts';
import { isConsent, isSignIn, namesOn, type Person } from '../authorization-server/person.ts';
import { type Ask, type Assistant, createAssistant } from './mcp-assistant.ts';
import { startMcpTown } from './mcp-town.ts';

type Result = Awaited<ReturnType<Assistant['call']>>;

function todoOf({ structuredContent }: Result): { readonly id: string; readonly title: string } {
  return (structuredContent as { todo: { id: string; title: string } }).todo;
}

/** By the forms: signs in and allows, as far as either is asked, everything but `without`. */
function asking(person: Person, without: readonly string[] = []): Ask {
  return async (address) => {
    let page = await person.open(address);
    if (isSignIn(page)) page = await person.signIn(page);
    const asked = isConsent(page) ? namesOn(page) : undefined;
    if (asked) page = await person.allow(page, { without });
    return { asked, cameBackTo: page.url };
  };
}

async function titlesOf(client: Client, filter: Record<string, unknown> = {}): Promise<string[]> {
  const { structuredContent } = await client.callTool({ name: 'list_todos', arguments: filter });
  return (structuredContent as { todos: { title: string }[] }).todos.map(({ title }) => title);
}

test('an MCP client that knows nothing but the URL finds its way to the tools', async () => {
  await using both = await startMcpTown();
  const [alice, assistant] = [both.town.person('alice'), createAssistant(both.mcpUrl)];
  const client = await assistant.connect(asking(alice));

  expect(assistant.registered).toMatchObject({ token_endpoint_auth_method: 'none', scope: 'read:todos write:todos' });
  expect(assistant.requests).toEqual([
    expect.objectContaining({
      client_id: assistant.registered?.client_id,
      code_challenge_method: 'S256',
      resource: both.mcpUrl,
      scope: 'read:todos write:todos',
    }),
  ]);
  expect(assistant.asked).toEqual([['read:todos', 'write:todos']]);
  const { payload } = await both.town.verify(assistant.tokens?.access_token, { audience: both.mcpUrl, typ: 'at+jwt' });
  expect(payload.scope).toBe('read:todos write:todos');

  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toEqual([
    'list_todos',
    'add_todo',
    'complete_todo',
    'change_todo',
    'delete_todo',
  ]);
});

test('the tools do what they say, and what they give back fits what they declare', async () => {
  await using both = await startMcpTown();
  const [alice, assistant] = [both.town.person('alice'), createAssistant(both.mcpUrl)];
  const client = await assistant.connect(asking(alice));
  // NOTE: from here on the library checks every result against the tool's own schema.
  await client.listTools();
  const call = (name: string, input: Record<string, unknown>) => client.callTool({ name, arguments: input });

  const { id } = todoOf(await call('add_todo', { title: '  Water the plants ' }));
  await call('add_todo', { title: 'Buy bread' });
  expect(await titlesOf(client)).toEqual(['Buy bread', 'Water the plants']);
  expect(todoOf(await call('complete_todo', { id }))).toMatchObject({ id, completed: true });
  expect(await titlesOf(client, { completed: true })).toEqual(['Water the plants']);
  expect(await titlesOf(client, { completed: false })).toEqual(['Buy bread']);
  expect(await titlesOf(client, { text: 'BREAD' })).toEqual(['Buy bread']);
  const changed = todoOf(await call('change_todo', { id, title: 'Water the cactus', completed: false }));
  expect(changed).toMatchObject({ id, title: 'Water the cactus', completed: false });
  expect(changed).not.toHaveProperty('owner');

  const first = await call('list_todos', { limit: 1 });
  const { next_cursor } = first.structuredContent as { next_cursor: string };
  const second = await call('list_todos', { limit: 1, cursor: next_cursor });
  expect(second.structuredContent).toEqual({ todos: [changed] });
  expect(second.content).toEqual([{ type: 'text', text: JSON.stringify(second.structuredContent) }]);

  expect((await call('delete_todo', { id })).structuredContent).toEqual({ deleted: id });
  expect(await titlesOf(client)).toEqual(['Buy bread']);
});

test('what a model gets wrong is told to the model', async () => {
  await using both = await startMcpTown();
  const [alice, assistant] = [both.town.person('alice'), createAssistant(both.mcpUrl)];
  const client = await assistant.connect(asking(alice));
  const nobodys = '00000000-0000-4000-8000-000000000000';
  for (const [name, input, says] of [
    ['add_todo', { title: ' ' }, 'expected 1 to 200 characters'],
    ['add_todo', {}, 'title'],
    ['add_todo', { title: 'x', owner: 'bob' }, 'owner'],
    ['change_todo', { id: nobodys }, 'Nothing to change'],
    ['change_todo', { id: nobodys, completed: true }, 'There is no todo with this id'],
    ['complete_todo', { id: nobodys }, 'There is no todo with this id'],
    ['complete_todo', { id: 'the first' }, 'expected the id of a todo'],
    ['delete_todo', { id: nobodys }, 'There is no todo with this id'],
    ['list_todos', { limit: 0 }, 'limit'],
    ['list_todos', { cursor: 'x' }, 'not a next_cursor'],
    ['fly_planes', {}, 'not found'],
    ['__proto__', {}, ''],
    ['constructor', {}, ''],
  ] as const) {
    const result = await client.callTool({ name, arguments: input });
    expect(result.isError, name).toBe(true);
    expect(JSON.stringify(result.content)).toContain(says);
  }
});

test('a missing scope leads to a new authorization that asks only for what is new, and then the tool works', async () => {
  await using both = await startMcpTown();
  const [alice, assistant] = [both.town.person('alice'), createAssistant(both.mcpUrl)];
  const client = await assistant.connect(asking(alice, ['write:todos']));
  expect(await titlesOf(client)).toEqual([]);
  expect(assistant.tokens?.scope).toBe('read:todos');

  const result = await assistant.call('add_todo', { title: 'Water the plants' }, asking(alice));
  expect(todoOf(result).title).toBe('Water the plants');
  expect(assistant.asked).toEqual([['read:todos', 'write:todos'], ['write:todos']]);
  expect(assistant.requests.at(-1)).toMatchObject({ scope: 'read:todos write:todos', resource: both.mcpUrl });
  expect(await titlesOf(client)).toEqual(['Water the plants']);
});

test('who declines again is not asked in circles, and keeps what works', async () => {
  await using both = await startMcpTown();
  const [alice, assistant] = [both.town.person('alice'), createAssistant(both.mcpUrl)];
  const without = ['write:todos'];
  const client = await assistant.connect(asking(alice, without));
  await expect(assistant.call('add_todo', { title: 'x' }, asking(alice, without))).rejects.toThrow('403');
  expect(assistant.asked).toHaveLength(2);
  expect(await titlesOf(client)).toEqual([]);
});

test('what Bob may not grant is not asked of him, however often a tool wants it', async () => {
  await using both = await startMcpTown();
  const [bob, assistant] = [both.town.person('bob'), createAssistant(both.mcpUrl)];
  const client = await assistant.connect(asking(bob));
  expect(assistant.asked).toEqual([['read:todos']]);
  await expect(assistant.call('add_todo', { title: 'x' }, asking(bob))).rejects.toThrow('403');
  expect(await titlesOf(client)).toEqual([]);
});

test('an expired token is renewed by the refresh token, for the same resource, without the person', async () => {
  await using both = await startMcpTown();
  using clock = stopClock();
  const grantTypes = ['authorization_code', 'refresh_token'];
  const [alice, assistant] = [both.town.person('alice'), createAssistant(both.mcpUrl, { grantTypes })];
  const client = await assistant.connect(asking(alice));
  const before = assistant.tokens;
  clock.advance(310);
  expect(await titlesOf(client)).toEqual([]);
  expect(assistant.tokens?.refresh_token).not.toBe(before?.refresh_token);
  await both.town.verify(assistant.tokens?.access_token, { audience: both.mcpUrl });
  expect(assistant.requests).toHaveLength(1);
});

test('a refresh brings no scope that was not granted; who forgets the tokens first is asked for it', async () => {
  await using both = await startMcpTown();
  const grantTypes = ['authorization_code', 'refresh_token'];
  const [alice, assistant] = [both.town.person('alice'), createAssistant(both.mcpUrl, { grantTypes })];
  await assistant.connect(asking(alice, ['write:todos']));
  await expect(assistant.call('add_todo', { title: 'x' }, asking(alice))).rejects.toThrow('403');
  assistant.tokens = undefined;
  expect(todoOf(await assistant.call('add_todo', { title: 'x' }, asking(alice))).title).toBe('x');
  expect(assistant.asked.at(-1)).toEqual(['write:todos']);
});

test('each sees their own: another person’s todo cannot be found, changed or deleted', async () => {
  await using both = await startMcpTown();
  const { accounts } = both.town.server;
  await accounts.setGrantableScopes(String((await accounts.findByUsername('bob'))?.id), ['read:todos', 'write:todos']);
  const [alices, bobs] = [createAssistant(both.mcpUrl), createAssistant(both.mcpUrl)];
  const [alice, bob] = [both.town.person('alice'), both.town.person('bob')];
  const hers = await alices.connect(asking(alice));
  const his = await bobs.connect(asking(bob));
  const { id } = todoOf(await hers.callTool({ name: 'add_todo', arguments: { title: 'Mine' } }));

  expect(await titlesOf(his)).toEqual([]);
  for (const [name, input] of [
    ['complete_todo', { id }],
    ['change_todo', { id, title: 'His' }],
    ['delete_todo', { id }],
  ] as const) {
    expect(await his.callTool({ name, arguments: input })).toMatchObject({ isError: true });
  }
  expect(await titlesOf(hers)).toEqual(['Mine']);
});
