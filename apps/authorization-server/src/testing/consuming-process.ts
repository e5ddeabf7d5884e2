/** Spends the artifacts `a0`, `a1`, … of the file that it is told of, and reports which of them it was the one to spend. */
import { createKeyring } from '../keys/keyring.ts';
import { createArtifacts } from '../storage/artifacts.ts';
import { openTables, type TablesPlace } from '../tables.ts';
import { race } from './race.ts';

interface Task {
  readonly place: TablesPlace;
  readonly key: string;
  readonly count: number;
  /** Each process in an order of its own; otherwise both in the same, at each other's heels. */
  readonly shuffled: boolean;
}

const { place, key, count, shuffled } = JSON.parse(process.argv[2] ?? '') as Task;
const indexes = Array.from({ length: count }, (_, index) => ({ index, place: shuffled ? Math.random() : index }));
await using database = await openTables(place);
const artifacts = createArtifacts(database, createKeyring(Buffer.from(key, 'base64url')));

await race(async () => {
  const won: number[] = [];
  for (const { index } of indexes.toSorted((a, b) => a.place - b.place)) {
    if (await artifacts.consume('AuthorizationCode', `a${index}`)) won.push(index);
  }
  return won;
});
