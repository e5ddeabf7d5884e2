import type Sqlite from 'better-sqlite3';
import type { QueryResult } from 'kysely';
import type { GroupCommit } from './group-commit.ts';
import { sqliteFailure } from './sqlite-failures.ts';

export interface SqliteStatements {
  /** Reads what is durable, or writes with the next batch. */
  run(sql: string, parameters: readonly unknown[]): Promise<QueryResult<unknown>>;
  /** Within a turn that owns the connection. */
  runNow(sql: string, parameters: readonly unknown[]): QueryResult<unknown>;
}

/** Statements are few, but a list of any length in one makes it another. */
const mostKept = 500;

export function createSqliteStatements(connection: Sqlite.Database, groupCommit: GroupCommit): SqliteStatements {
  const kept = new Map<string, Sqlite.Statement>();

  function statement(sql: string): Sqlite.Statement {
    let prepared = kept.get(sql);
    if (!prepared) {
      prepared = connection.prepare(sql);
      if (kept.size >= mostKept) kept.clear();
      kept.set(sql, prepared);
    }
    return prepared;
  }

  function execute(prepared: Sqlite.Statement, parameters: readonly unknown[]): QueryResult<unknown> {
    if (prepared.reader) {
      const rows = prepared.all(parameters);
      return prepared.readonly ? { rows } : { rows, numAffectedRows: BigInt(rows.length) };
    }
    const { changes, lastInsertRowid } = prepared.run(parameters);
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  }

  return {
    async run(sql, parameters) {
      const prepared = mapped(() => statement(sql));
      if (!prepared.readonly) return groupCommit.write(() => execute(prepared, parameters));
      for (let batch = groupCommit.quiet(); batch; batch = groupCommit.quiet()) await batch;
      return mapped(() => execute(prepared, parameters));
    },
    runNow: (sql, parameters) => mapped(() => execute(statement(sql), parameters)),
  };
}

function mapped<Value>(work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    throw sqliteFailure(error);
  }
}
