import type { ApiRouter } from '@latchkey/resource-server/koa';
import type { ScopeName, todosScopes } from '@latchkey/scope-catalogue';
import { z } from 'zod';
import { listTag, preconditionOf, tagAnswer } from './entity-tags.ts';
import { everyonesListQuery } from './list-queries.ts';
import { pageLinks } from './page-links.ts';
import { notThere, preconditionFailed } from './todo-problems.ts';
import { ownedTodoSchema, todoParams } from './todo-schemas.ts';
import type { Todos } from './todos.ts';

export interface AdminRoutesOptions {
  readonly api: ApiRouter<ScopeName<typeof todosScopes>>;
  readonly todos: Todos;
  readonly publicUrl: string;
}

/** How old a sign-in may be, in seconds, to delete what belongs to somebody else. */
const recentSignIn = 300;

/** The todos of everyone. Reading them is open to an operator's program; deleting needs a person at the keyboard. */
export function adminRoutes({ api, todos, publicUrl }: AdminRoutesOptions): void {
  const admin = api.under('/admin/todos', { scopes: ['admin'] });

  admin.get(
    '',
    {
      operationId: 'listEveryonesTodos',
      summary: 'The todos of everyone, the newest first',
      query: everyonesListQuery,
      response: z.array(ownedTodoSchema),
    },
    async ({ auth, query: { limit, cursor, completed, q, owner }, koa }) => {
      const page = await todos.listOfAnyone({ limit, after: cursor, completed, text: q }, owner);
      const links = pageLinks(`${publicUrl}/api/admin/todos`, { limit, completed, q, owner }, page.next);
      koa.set('Link', links);
      tagAnswer(koa, listTag(auth.subject, links, page.todos));
      return [...page.todos];
    },
  );

  admin.delete(
    '/:id',
    {
      operationId: 'removeAnyonesTodo',
      summary: 'Delete a todo of anyone, shortly after signing in',
      subject: 'person',
      requireAuthentication: { maxAge: recentSignIn },
      params: todoParams,
      problems: [412],
    },
    async ({ params, koa }) => {
      if (await todos.removeOfAnyone(params.id, preconditionOf(koa))) return undefined;
      return (await todos.isThere(params.id)) ? preconditionFailed : notThere;
    },
  );
}
