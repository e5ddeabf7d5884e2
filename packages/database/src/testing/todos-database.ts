import { type Database, type OpenDatabaseOptions, openDatabase } from '../open-database.ts';
import { type engines, type TemporaryDatabase, temporaryDatabase } from './temporary-database.ts';
import { startTimeline } from './timeline.ts';

export interface TodosTables {
  todos: { id: string; title: string; hits: number; due_at: number | null };
}

const table = `CREATE TABLE todos (
  id TEXT PRIMARY KEY, title TEXT NOT NULL CHECK (title <> ''), hits BIGINT NOT NULL, due_at BIGINT
)`;

export interface TodosPlace extends TemporaryDatabase {
  /** Folder of the timeline. */
  readonly migrations: string;
  /** Opens it once more, as another process would. It is closed before the place is gone. */
  open(options?: Partial<OpenDatabaseOptions>): Promise<Database<TodosTables>>;
}

/** A place with one table. */
export async function todosPlace(engine: (typeof engines)[number], more?: { url: string }): Promise<TodosPlace> {
  const timeline = startTimeline({ '0001-todos.sql': table });
  const place = more ? { ...(await temporaryDatabase('sqlite')), ...more } : await temporaryDatabase(engine);
  const opened: Database<TodosTables>[] = [];
  return {
    ...place,
    migrations: timeline.folder,
    async open(options) {
      const { url, file } = place;
      const database = await openDatabase<TodosTables>({
        url,
        file,
        migrations: timeline.folder,
        schema: 'todos',
        ...options,
      });
      opened.push(database);
      return database;
    },
    async [Symbol.asyncDispose]() {
      for (const database of opened) await database.close();
      timeline[Symbol.dispose]();
      await place[Symbol.asyncDispose]();
    },
  };
}

/** One row. */
export const todo = (id: string, more: Partial<TodosTables['todos']> = {}): TodosTables['todos'] => ({
  id,
  title: `the todo ${id}`,
  hits: 0,
  due_at: null,
  ...more,
});
