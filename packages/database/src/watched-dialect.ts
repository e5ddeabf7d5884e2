import type { DatabaseConnection, Dialect, Driver, QueryResult } from 'kysely';
import type { OutageWatch } from './unavailable.ts';

/** The same dialect; every statement tells whether the database answered. */
export function watchedDialect(dialect: Dialect, outages: OutageWatch): Dialect {
  return {
    createAdapter: () => dialect.createAdapter(),
    createDriver: () => watchedDriver(dialect.createDriver(), outages),
    createIntrospector: (query) => dialect.createIntrospector(query),
    createQueryCompiler: () => dialect.createQueryCompiler(),
  };
}

/** Reads say nothing of how many rows they wrote. */
export const hasWritten = ({ numAffectedRows }: QueryResult<unknown>) => numAffectedRows !== undefined;

function watchedDriver(driver: Driver, outages: OutageWatch): Driver {
  const { acquireConnection, beginTransaction, commitTransaction, rollbackTransaction } = driver;
  const running = new WeakMap<DatabaseConnection, Promise<unknown>>();
  const ended = new WeakSet<DatabaseConnection>();

  driver.acquireConnection = async (options) => {
    const connection = await outages.watched(acquireConnection.call(driver, options));
    // NOTE: drivers know a connection by its identity, so it is not wrapped; both hand out a new one each time.
    const { executeQuery } = connection;
    connection.executeQuery = async (query, more) => {
      if (ended.has(connection)) throw new Error('a transaction ended before all of its statements had run');
      const answered = outages.watchedWrite(executeQuery.call(connection, query, more), hasWritten);
      running.set(connection, answered);
      return answered as never;
    };
    return connection;
  };

  /**
   * Lets the driver say its COMMIT or ROLLBACK, and nobody anything after it: a statement that was not waited for, as
   * in a `Promise.all` where the first one fails, would run outside of the transaction and stay.
   */
  async function end(connection: DatabaseConnection, how: Driver['commitTransaction']): Promise<void> {
    ended.add(connection);
    await running.get(connection)?.catch(() => {});
    ended.delete(connection);
    const done = how.call(driver, connection);
    ended.add(connection);
    await done;
  }

  driver.beginTransaction = (...begin) => outages.watched(beginTransaction.apply(driver, begin));
  driver.commitTransaction = (connection) => outages.watchedWrite(end(connection, commitTransaction));
  driver.rollbackTransaction = (connection) => end(connection, rollbackTransaction);
  return driver;
}
