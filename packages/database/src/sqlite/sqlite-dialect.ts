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
import type { GroupCommit } from './group-commit.ts';
import type { SqliteStatements } from './sqlite-statements.ts';
import type { Turn } from './sqlite-turn.ts';

export interface SqliteDialectNeeds {
  readonly groupCommit: GroupCommit;
  readonly statements: SqliteStatements;
}

/** Kysely over one connection whose writes are committed together. */
export function createSqliteDialect(needs: SqliteDialectNeeds): Dialect {
  return {
    createAdapter: () => new ManyAtOnce(),
    createDriver: () => createDriver(needs),
    createIntrospector: (query) => new SqliteIntrospector(query),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

/** Left alone, the query builder would let one statement begin when the one before it is on the disk: batches of one. */
class ManyAtOnce extends SqliteAdapter {
  override get supportsMultipleConnections() {
    return true;
  }
}

interface TurnConnection extends DatabaseConnection {
  turn: Turn | undefined;
}

function createDriver({ groupCommit, statements }: SqliteDialectNeeds): Driver {
  const turnOf = (acquired: DatabaseConnection) => (acquired as TurnConnection).turn;
  return {
    async init() {},
    async acquireConnection() {
      const acquired: TurnConnection = {
        turn: undefined,
        executeQuery<Row>({ sql, parameters }: CompiledQuery) {
          const { turn } = acquired;
          if (!turn) return statements.run(sql, parameters) as Promise<QueryResult<Row>>;
          return Promise.try(() => turn.run(() => statements.runNow(sql, parameters)) as QueryResult<Row>);
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
    async releaseConnection() {},
    async destroy() {},
  };
}
