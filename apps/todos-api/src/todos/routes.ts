/**
 * A person's own todos over HTTP. Each person sees theirs only: another's is not there. The todos of everyone are in
 * admin-routes.ts.
 */

import type { ApiRouter } from '@latchkey/resource-server/koa';
import type { ScopeName, todosScopes } from '@latchkey/scope-catalogue';
import { z } from 'zod';
import { listTag, preconditionOf, tagAnswer } from './entity-tags.ts';
import { listQuery } from './list-queries.ts';
import { pageLinks } from './page-links.ts';
import { notThere, preconditionFailed } from './todo-problems.ts';
import { newTodoSchema, todoChangeSchema, todoParams, todoSchema } from './todo-schemas.ts';
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
      query: listQuery,
      response: z.array(todoSchema),
    },
    async ({ auth, query: { limit, cursor, completed, q }, koa }) => {
      const page = await todos.list(auth.subject, { limit, after: cursor, completed, text: q });
      const links = pageLinks(`${publicUrl}/api/todos`, { limit, completed, q }, page.next);
      koa.set('Link', links);
      tagAnswer(koa, listTag(auth.subject, links, page.todos));
      return [...page.todos];
    },
  );

  write.post(
    '',
    { operationId: 'addTodo', summary: 'Add a todo', body: newTodoSchema, response: todoSchema, status: 201 },
    async ({ auth, body, koa }) => {
      const todo = await todos.add(auth.subject, body);
      koa.set('Location', `${publicUrl}/api/todos/${todo.id}`);
      tagAnswer(koa, todo.revision);
      return todo;
    },
  );

  read.get(
    '/:id',
    { operationId: 'getTodo', summary: 'One of your todos', params: todoParams, response: todoSchema },
    async ({ auth, params, koa }) => {
      const todo = await todos.find(auth.subject, params.id);
      if (!todo) return notThere;
      tagAnswer(koa, todo.revision);
      return todo;
    },
  );

  write.patch(
    '/:id',
    {
      operationId: 'changeTodo',
      summary: 'Change the title, or whether it is completed',
      description: 'With `If-Match` (RFC 9110), only if nobody else has changed it since.',
      params: todoParams,
      body: todoChangeSchema,
      response: todoSchema,
      problems: [412],
    },
    async ({ auth, params, body, koa }) => {
      const changed = await todos.change(auth.subject, params.id, body, preconditionOf(koa));
      if (!changed) return (await todos.find(auth.subject, params.id)) ? preconditionFailed : notThere;
      tagAnswer(koa, changed.revision);
      return changed;
    },
  );

  write.delete(
    '/:id',
    {
      operationId: 'removeTodo',
      summary: 'Delete a todo',
      description: 'With `If-Match` (RFC 9110), only if nobody else has changed it since.',
      params: todoParams,
      problems: [412],
    },
    async ({ auth, params, koa }) => {
      if (await todos.remove(auth.subject, params.id, preconditionOf(koa))) return undefined;
      return (await todos.find(auth.subject, params.id)) ? preconditionFailed : notThere;
    },
  );
}
