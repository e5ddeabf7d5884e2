import { type Kysely, sql } from 'kysely';
import { containing } from './folded-title.ts';
import type { ListPosition } from './list-cursor.ts';
import { type Todo, toTodo } from './todo.ts';
import type { TodosTables } from './todos-tables.ts';

export interface TodoFilter {
  readonly completed?: boolean | undefined;
  /** In the title, in capitals or small letters. */
  readonly text?: string | undefined;
}

export interface PageRequest extends TodoFilter {
  readonly limit: number;
  readonly after?: ListPosition | undefined;
}

interface TodoPage {
  readonly todos: readonly Todo[];
  /** Where the next page goes on; `undefined` on the last. */
  readonly next: ListPosition | undefined;
}

/** Newest first, by keyset: a page does not shift when todos are added or removed before it. */
export async function todoPage(
  query: Kysely<TodosTables>,
  order: 'position' | 'created_at',
  { limit, after, completed, text }: PageRequest,
  owner?: string,
): Promise<TodoPage> {
  let rows = query
    .selectFrom('todos')
    .selectAll()
    .orderBy(order, 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1);
  if (owner !== undefined) rows = rows.where('owner', '=', owner);
  if (completed !== undefined) rows = rows.where('completed', '=', Number(completed));
  if (text !== undefined)
    rows = rows.where(sql<boolean>`coalesce(title_folded, title) like ${containing(text)} escape '!'`);
  if (after)
    rows = rows.where(({ eb, refTuple, tuple }) => eb(refTuple(order, 'id'), '<', tuple(after.value, after.id)));
  const found = await rows.execute();
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  const next = found.length > limit && last ? { value: last[order], id: last.id } : undefined;
  return { todos: shown.map(toTodo), next };
}
