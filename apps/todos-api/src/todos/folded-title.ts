import type { Kysely } from 'kysely';
import type { TodosTables } from './todos-tables.ts';

/**
 * A text without the difference between capitals and small letters, and between the ways of writing one character. Done
 * here, since SQLite folds ASCII only and PostgreSQL as its locale has it.
 */
export function folded(text: string): string {
  // NOTE: up and down again, so that ß and ss are one; a sigma is written differently at the end of a word.
  return text.normalize('NFKC').toUpperCase().toLowerCase().replaceAll('ς', 'σ').normalize('NFKC');
}

/** A pattern for `LIKE … ESCAPE '!'` that is met by whatever contains the text. */
export function containing(text: string): string {
  return `%${folded(text).replaceAll(/[!%_]/g, '!$&')}%`;
}

const batch = 500;

/** Fills in the folded titles of todos that are older than the column. Several processes may do so at once. */
export async function foldOldTitles(query: Kysely<TodosTables>): Promise<void> {
  for (;;) {
    const old = await query
      .selectFrom('todos')
      .select(['id', 'title'])
      .where('title_folded', 'is', null)
      .limit(batch)
      .execute();
    if (old.length === 0) return;
    await Promise.all(
      old.map(({ id, title }) =>
        query
          .updateTable('todos')
          .set({ title_folded: folded(title) })
          .where('id', '=', id)
          .where('title_folded', 'is', null)
          .execute(),
      ),
    );
  }
}
