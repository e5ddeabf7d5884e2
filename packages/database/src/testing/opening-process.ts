/** Opens the database that it is told of, and reports which migrations it was the one to apply. */
import { type OpenDatabaseOptions, openDatabase } from '../open-database.ts';

const options = JSON.parse(process.argv[2] ?? '') as OpenDatabaseOptions;
process.once('message', async () => {
  const database = await openDatabase(options);
  await database.close();
  process.send?.(database.applied);
  process.disconnect();
});
process.send?.('ready');
