/**
 * The todos: the rules and their table. Everything here is one owner's, except what says `anyone`. Who may ask is
 * decided by the routes.
 */
import { randomUUID } from 'node:crypto';
import type { Kysely, Selectable } from 'kysely';
import type { ListPosition } from './list-cursor.ts';

interface TodosTable {
  id: string;
  /** The `sub` of the person's tokens. */
  owner: string;
  position: number;
  title: string;
  completed: number;
  created_at: number;
  updated_at: number;
}

export interface TodosTables {
  todos: TodosTable;
}

export interface Todo {
  readonly id: string;
  readonly owner: string;
  readonly title: string;
  readonly completed: boolean;
  /** ISO 8601, as `updated_at`. */
  readonly created_at: string;
  readonly updated_at: string;
}

interface TodoPage {
  readonly todos: readonly Todo[];
  /** Where the next page goes on; `undefined` on the last. */
  readonly next: ListPosition | undefined;
}

export interface PageRequest {
  readonly limit: number;
  readonly after?: ListPosition | undefined;
}

export type Todos = ReturnType<typeof createTodos>;

export interface TodosOptions {
  readonly query: Kysely<TodosTables>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export function createTodos({ query, now }: TodosOptions) {
  /** Newest first, by keyset: a page does not shift when todos are added or removed before it. */
  async function page(order: 'position' | 'created_at', { limit, after }: PageRequest, owner?: string) {
    let rows = query
      .selectFrom('todos')
      .selectAll()
      .orderBy(order, 'desc')
      .orderBy('id', 'desc')
      .limit(limit + 1);
    if (owner !== undefined) rows = rows.where('owner', '=', owner);
    if (after)
      rows = rows.where(({ eb, refTuple, tuple }) => eb(refTuple(order, 'id'), '<', tuple(after.value, after.id)));
    const found = await rows.execute();
    const shown = found.slice(0, limit);
    const last = shown.at(-1);
    const next = found.length > limit && last ? { value: last[order], id: last.id } : undefined;
    return { todos: shown.map(toTodo), next } satisfies TodoPage;
  }

  return {
    list: (owner: string, request: PageRequest) => page('position', request, owner),

    listOfAnyone: (request: PageRequest) => page('created_at', request),

    async find(owner: string, id: string): Promise<Todo | undefined> {
      const row = await query
        .selectFrom('todos')
        .selectAll()
        .where('owner', '=', owner)
        .where('id', '=', id)
        .executeTakeFirst();
      return row && toTodo(row);
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
          completed: Number(completed),
          created_at: at,
          updated_at: at,
        }))
        .returningAll()
        .executeTakeFirstOrThrow();
      return toTodo(row);
    },

    async change(
      owner: string,
      id: string,
      { title, completed }: { title?: string | undefined; completed?: boolean | undefined },
    ): Promise<Todo | undefined> {
      const row = await query
        .updateTable('todos')
        .set({
          ...(title !== undefined && { title }),
          ...(completed !== undefined && { completed: Number(completed) }),
          updated_at: now(),
        })
        .where('owner', '=', owner)
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst();
      return row && toTodo(row);
    },

    /** Whether there was one to remove. */
    async remove(owner: string, id: string): Promise<boolean> {
      const row = await query
        .deleteFrom('todos')
        .where('owner', '=', owner)
        .where('id', '=', id)
        .returning('id')
        .executeTakeFirst();
      return row !== undefined;
    },

    async removeOfAnyone(id: string): Promise<boolean> {
      const row = await query.deleteFrom('todos').where('id', '=', id).returning('id').executeTakeFirst();
      return row !== undefined;
    },
  };
}

function toTodo({ id, owner, title, completed, created_at, updated_at }: Selectable<TodosTable>): Todo {
  return {
    id,
    owner,
    title,
    completed: completed === 1,
    created_at: new Date(created_at).toISOString(),
    updated_at: new Date(updated_at).toISOString(),
  };
}
