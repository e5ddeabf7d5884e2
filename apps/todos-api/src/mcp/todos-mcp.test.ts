import { openDatabase } from '@latchkey/database';
import { resolveFromRoot } from '@latchkey/settings';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { expect, test } from 'vitest';
import { createTodos, type TodosTables } from '../todos/todos.ts';
import { createTodosMcp } from './todos-mcp.ts';

test('a failure that is no fault of the model is told to the log, and of it the model learns nothing', async () => {
  const database = await openDatabase<TodosTables>({ file: ':memory:', migrations: resolveFromRoot('db/todos-api') });
  const failed: string[] = [];
  const todos = createTodos({ query: database.query, now: Date.now });
  const server = createTodosMcp({ todos, onFailure: (_, tool) => failed.push(tool) })('alice');
  const [here, there] = InMemoryTransport.createLinkedPair();
  const client = new Client({ name: 'model', version: '1.0.0' });
  await Promise.all([server.connect(there), client.connect(here)]);
  await database.close();

  const result = await client.callTool({ name: 'list_todos', arguments: {} });
  expect(result).toEqual({
    isError: true,
    content: [{ type: 'text', text: 'This did not work for a reason that is not yours. Try again in a moment.' }],
  });
  expect(failed).toEqual(['list_todos']);
  await client.close();
});
