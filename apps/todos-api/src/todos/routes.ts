/**
 * A person's own todos over HTTP. Each person sees theirs only: another's is not there. The todos of everyone are in
 * admin-routes.ts.
 */

import { type ApiRouter, problem } from '@latchkey/resource-server/koa';
import type { ScopeName, todosScopes } from '@latchkey/scope-catalogue';
import { z } from 'zod';
import { pageLinks } from './page-links.ts';
import { newTodoSchema, pageQuery, todoChangeSchema, todoParams, todoSchema } from './todo-schemas.ts';
import type { Todos } from './todos.ts';

export interface TodosRoutesOptions {
  readonly api: ApiRouter<ScopeName<typeof todosScopes>>;
  readonly todos: Todos;
  readonly publicUrl: string;
}

export function todosRoutes({ api, todos, publicUrl }: TodosRoutesOptions): void {
  const own = api.under('/todos', { subject: 'person' });
  const read = own.under('', { scopes: ['read:todos'] });
  const write = own.under('', { scopes: ['write:todos'] });

  read.get(
    '',
    {
      operationId: 'listTodos',
      summary: 'Your todos, the newest first',
      description: 'One page; the `Link` header leads to the next (RFC 8288).',
      query: pageQuery,
      response: z.array(todoSchema),
    },
    async ({ auth, query: { limit, cursor }, koa }) => {
      const page = await todos.list(auth.subject, { limit, after: cursor });
      koa.set('Link', pageLinks(`${publicUrl}/api/todos`, limit, page.next));
      return [...page.todos];
    },
  );

  write.post(
    '',
    { operationId: 'addTodo', summary: 'Add a todo', body: newTodoSchema, response: todoSchema, status: 201 },
    async ({ auth, body, koa }) => {
      const todo = await todos.add(auth.subject, body);
      koa.set('Location', `${publicUrl}/api/todos/${todo.id}`);
      return todo;
    },
  );

  read.get(
    '/:id',
    { operationId: 'getTodo', summary: 'One of your todos', params: todoParams, response: todoSchema },
    async ({ auth, params }) => (await todos.find(auth.subject, params.id)) ?? problem(404),
  );

  write.patch(
    '/:id',
    {
      operationId: 'changeTodo',
      summary: 'Change the title, or whether it is completed',
      params: todoParams,
      body: todoChangeSchema,
      response: todoSchema,
    },
    async ({ auth, params, body }) => (await todos.change(auth.subject, params.id, body)) ?? problem(404),
  );

  write.delete(
    '/:id',
    { operationId: 'removeTodo', summary: 'Delete a todo', params: todoParams },
    async ({ auth, params }) => ((await todos.remove(auth.subject, params.id)) ? undefined : problem(404)),
  );
}
