import type { Selectable } from 'kysely';
import type { TodosTables } from './todos-tables.ts';

export interface Todo {
  readonly id: string;
  readonly owner: string;
  readonly title: string;
  readonly completed: boolean;
  /** ISO 8601, as `updated_at`. */
  readonly created_at: string;
  readonly updated_at: string;
  /** Another one after each change: what its entity tag is made of. */
  readonly revision: string;
}

export function toTodo(row: Selectable<TodosTables['todos']>): Todo {
  const { id, owner, title, completed, created_at, updated_at, revision } = row;
  return {
    id,
    owner,
    title,
    completed: completed === 1,
    created_at: new Date(created_at).toISOString(),
    updated_at: new Date(updated_at).toISOString(),
    revision,
  };
}
