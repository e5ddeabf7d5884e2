/** Writes to the SQLite file that it is told of, as fast as it can, until it is told to stop; reports how often it could. */
import { openDatabase } from '../open-database.ts';
import type { TodosTables } from './todos-database.ts';

const { file, migrations, name } = JSON.parse(process.argv[2] ?? '');
await using database = await openDatabase<TodosTables>({ file, migrations });
const hit = database.prepare<{ id: string }>(({ id }) =>
  database.query
    .updateTable('todos')
    .set(({ eb }) => ({ hits: eb('hits', '+', 1) }))
    .where('id', '=', id),
);

let hammering = true;
let hits = 0;
let longestMs = 0;

async function hammer(): Promise<void> {
  while (hammering) {
    const began = performance.now();
    await hit({ id: name });
    longestMs = Math.max(longestMs, performance.now() - began);
    hits += 1;
  }
}

const told = Promise.withResolvers<void>();
process.on('message', (order) => {
  if (order === 'stop') hammering = false;
  else told.resolve();
});
process.send?.('ready');
await told.promise;
await Promise.all([hammer(), hammer(), hammer()]);
process.send?.({ hits, longestMs });
process.disconnect();
