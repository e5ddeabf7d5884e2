import type { DatabaseConnection, Dialect, Driver } from 'kysely';
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

function watchedDriver(driver: Driver, outages: OutageWatch): Driver {
  const watched = new WeakSet<DatabaseConnection>();
  const { acquireConnection, commitTransaction } = driver;
  driver.acquireConnection = async (options) => {
    const connection = await outages.watched(acquireConnection.call(driver, options));
    // NOTE: drivers hand out the same connection again, and know it by its identity, so it is not wrapped.
    if (!watched.has(connection)) {
      watched.add(connection);
      const { executeQuery } = connection;
      connection.executeQuery = (query, more) => outages.watched(executeQuery.call(connection, query, more)) as never;
    }
    return connection;
  };
  driver.commitTransaction = (connection) => outages.watched(commitTransaction.call(driver, connection));
  return driver;
}
