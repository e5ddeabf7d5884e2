/** Spends the artifacts `a0`, `a1`, … of the file that it is told of, and reports which of them it was the one to spend. */
import { createKeyring } from '../keys/keyring.ts';
import { createArtifacts } from '../storage/artifacts.ts';
import { openTables } from '../tables.ts';
import { race } from './race.ts';

const { file, key, count } = JSON.parse(process.argv[2] ?? '') as { file: string; key: string; count: number };
await using database = openTables(file);
const artifacts = createArtifacts(database.query, createKeyring(Buffer.from(key, 'base64url')));

await race(async () => {
  const won: number[] = [];
  for (let index = 0; index < count; index++) {
    if (await artifacts.consume('AuthorizationCode', `a${index}`)) won.push(index);
  }
  return won;
});
