interface TodosTable {
  id: string;
  /** The `sub` of the person's tokens. */
  owner: string;
  position: number;
  title: string;
  /** Null only in rows that are older than the column, until the program's start fills it in. */
  title_folded: string | null;
  completed: number;
  created_at: number;
  updated_at: number;
  /** Another one after each change. */
  revision: string;
}

export interface TodosTables {
  todos: TodosTable;
}
