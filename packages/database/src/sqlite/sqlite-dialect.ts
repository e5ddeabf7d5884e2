import type Sqlite from 'better-sqlite3';
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { GroupCommit, Turn } from './group-commit.ts';
import type { SqliteStatements } from './sqlite-statements.ts';

export interface SqliteDialectNeeds {
  readonly connection: Sqlite.Database;
  readonly groupCommit: GroupCommit;
  readonly statements: SqliteStatements;
}

/** Kysely over one connection whose writes are committed together. */
export function createSqliteDialect(needs: SqliteDialectNeeds): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => createDriver(needs),
    createIntrospector: (query) => new SqliteIntrospector(query),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

interface TurnConnection extends DatabaseConnection {
  turn: Turn | undefined;
}

function createDriver({ connection, groupCommit, statements }: SqliteDialectNeeds): Driver {
  const turnOf = (acquired: DatabaseConnection) => (acquired as TurnConnection).turn;
  return {
    async init() {},
    async acquireConnection() {
      const acquired: TurnConnection = {
        turn: undefined,
        executeQuery<Row>({ sql, parameters }: CompiledQuery) {
          if (!acquired.turn) return statements.run(sql, parameters) as Promise<QueryResult<Row>>;
          return Promise.try(() => statements.runNow(sql, parameters) as QueryResult<Row>);
        },
        // biome-ignore lint/correctness/useYield: a cursor would hold the one connection while its reader takes its time.
        async *streamQuery() {
          throw new Error('streaming is not supported: read in pages');
        },
      };
      return acquired;
    },
    async beginTransaction(acquired) {
      (acquired as TurnConnection).turn = await groupCommit.begin();
    },
    async commitTransaction(acquired) {
      await turnOf(acquired)?.commit();
    },
    async rollbackTransaction(acquired) {
      turnOf(acquired)?.rollback();
    },
    async releaseConnection(acquired) {
      (acquired as TurnConnection).turn = undefined;
    },
    async destroy() {
      await groupCommit.drained();
      connection.close();
    },
  };
}
