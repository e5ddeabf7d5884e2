/**
 * The todos: the rules and their table. Everything here is one owner's, except what says `anyone`. Who may ask is
 * decided by the routes.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import { folded } from './folded-title.ts';
import { meets, type Precondition } from './precondition.ts';
import { type Todo, toTodo } from './todo.ts';
import { type PageRequest, todoPage } from './todo-pages.ts';
import type { TodosTables } from './todos-tables.ts';

export type { Todo, TodosTables };

export interface TodoChange {
  readonly title?: string | undefined;
  readonly completed?: boolean | undefined;
}

export type Todos = ReturnType<typeof createTodos>;

export interface TodosOptions {
  readonly query: Kysely<TodosTables>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export function createTodos({ query, now }: TodosOptions) {
  async function find(owner: string, id: string): Promise<Todo | undefined> {
    const row = await query
      .selectFrom('todos')
      .selectAll()
      .where('owner', '=', owner)
      .where('id', '=', id)
      .executeTakeFirst();
    return row && toTodo(row);
  }

  return {
    list: (owner: string, request: PageRequest) => todoPage(query, 'position', request, owner),

    /** @param owner whose alone, if it is given */
    listOfAnyone: (request: PageRequest, owner?: string) => todoPage(query, 'created_at', request, owner),

    find,

    async isThere(id: string): Promise<boolean> {
      const row = await query.selectFrom('todos').select('id').where('id', '=', id).executeTakeFirst();
      return row !== undefined;
    },

    async add(owner: string, { title, completed }: { title: string; completed: boolean }): Promise<Todo> {
      const at = now();
      const row = await query
        .insertInto('todos')
        .values(({ selectFrom, fn, lit, eb }) => ({
          id: randomUUID(),
          owner,
          position: selectFrom('todos')
            .where('owner', '=', owner)
            .select(eb(fn.coalesce(fn.max('position'), lit(0)), '+', lit(1)).as('position')),
          title,
          title_folded: folded(title),
          completed: Number(completed),
          created_at: at,
          updated_at: at,
          revision: newRevision(),
        }))
        .returningAll()
        .executeTakeFirstOrThrow();
      return toTodo(row);
    },

    /** The todo after the change; `undefined` where there is none, or none that meets the precondition. */
    async change(
      owner: string,
      id: string,
      { title, completed }: TodoChange,
      precondition: Precondition = {},
    ): Promise<Todo | undefined> {
      const row = await query
        .updateTable('todos')
        .set({
          ...(title !== undefined && { title, title_folded: folded(title) }),
          ...(completed !== undefined && { completed: Number(completed) }),
          updated_at: now(),
          revision: newRevision(),
        })
        .where('owner', '=', owner)
        .where('id', '=', id)
        .where((eb) => meets(eb, precondition))
        .returningAll()
        .executeTakeFirst();
      return row && toTodo(row);
    },

    /** Whether there was one to remove, that met the precondition. */
    async remove(owner: string, id: string, precondition: Precondition = {}): Promise<boolean> {
      const row = await query
        .deleteFrom('todos')
        .where('owner', '=', owner)
        .where('id', '=', id)
        .where((eb) => meets(eb, precondition))
        .returning('id')
        .executeTakeFirst();
      return row !== undefined;
    },

    async removeOfAnyone(id: string, precondition: Precondition = {}): Promise<boolean> {
      const row = await query
        .deleteFrom('todos')
        .where('id', '=', id)
        .where((eb) => meets(eb, precondition))
        .returning('id')
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}

function newRevision(): string {
  return randomBytes(12).toString('base64url');
}
