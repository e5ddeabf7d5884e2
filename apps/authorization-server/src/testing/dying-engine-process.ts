/** An engine that serves until it is about to store the successor of a refresh token, and is killed there. */
import { createKeyring } from '../keys/keyring.ts';
import { openTables, type TablesPlace } from '../tables.ts';
import { startEngine } from './running-engine.ts';

interface Task {
  readonly place: TablesPlace;
  readonly key: string;
}

const { place, key } = JSON.parse(process.argv[2] ?? '') as Task;
const database = await openTables(place);
const { issuer } = await startEngine({
  tables: { database, keyring: createKeyring(Buffer.from(key, 'base64url')) },
  slowed: (artifacts) => ({
    ...artifacts,
    async save(model, id, payload, placement, transaction) {
      if (model === 'RefreshToken' && payload.rotations === 1) process.kill(process.pid, 'SIGKILL');
      await artifacts.save(model, id, payload, placement, transaction);
    },
  }),
});
process.send?.(issuer);
