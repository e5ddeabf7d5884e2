import { type ApiRouter, problem } from '@latchkey/resource-server/koa';
import type { ScopeName, todosScopes } from '@latchkey/scope-catalogue';
import { z } from 'zod';
import { pageLinks } from './page-links.ts';
import { ownedTodoSchema, pageQuery, todoParams } from './todo-schemas.ts';
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
      query: pageQuery,
      response: z.array(ownedTodoSchema),
    },
    async ({ query: { limit, cursor }, koa }) => {
      const page = await todos.listOfAnyone({ limit, after: cursor });
      koa.set('Link', pageLinks(`${publicUrl}/api/admin/todos`, limit, page.next));
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
    },
    async ({ params }) => ((await todos.removeOfAnyone(params.id)) ? undefined : problem(404)),
  );
}
