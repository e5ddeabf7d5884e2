/** Writes one session many times, each time with another client, and reports the clients that it wrote. */
import { createKeyring } from '../keys/keyring.ts';
import type { SessionPayload } from '../storage/session-merge.ts';
import { createSessions } from '../storage/sessions.ts';
import { openTables, type TablesPlace } from '../tables.ts';
import { race } from './race.ts';

interface Task {
  readonly place: TablesPlace;
  readonly key: string;
  readonly session: SessionPayload;
  readonly count: number;
}

const { place, key, session, count } = JSON.parse(process.argv[2] ?? '') as Task;
await using database = await openTables(place);
const sessions = createSessions(database, createKeyring(Buffer.from(key, 'base64url')));

await race(async () => {
  const clients = Array.from({ length: count }, (_, index) => `client ${index} of ${process.pid}`);
  for (const client of clients) {
    await sessions.save(`cookie of ${client}`, { ...session, authorizations: { [client]: {} } }, 3600);
  }
  return clients;
});
