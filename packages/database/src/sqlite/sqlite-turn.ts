import type Sqlite from 'better-sqlite3';
import { DatabaseUnavailableError } from '../unavailable.ts';

/** The time in which one transaction has the connection to itself. It does nothing but ask the database, so it is short. */
export interface Turn {
  /** Runs a statement of this transaction. */
  run<Value>(statement: () => Value): Value;
  /** Resolves once it is durable. */
  commit(): Promise<void>;
  /** Undoes what was done since the turn began. */
  rollback(): void;
}

export interface TurnNeeds {
  readonly connection: Sqlite.Database;
  /** Resolves once the batch is on the disk. */
  readonly durable: Promise<void>;
  /** How long it may last, in milliseconds. */
  readonly timeoutMs: number;
}

/** Everybody waits for a turn, so it ends in any case: by its owner, or undone because its time is over. */
export function openTurn({ connection, durable, timeoutMs }: TurnNeeds): { turn: Turn; ended: Promise<void> } {
  connection.exec('SAVEPOINT turn');
  const ended = Promise.withResolvers<void>();
  let over: Error | undefined;

  function end(sql: string, reason: string): void {
    if (over) return;
    over = new Error(reason);
    clearTimeout(timeout);
    try {
      if (!connection.inTransaction) throw lost();
      connection.exec(sql);
      ended.resolve();
    } catch (error) {
      ended.reject(error);
    }
  }

  const undo = (reason: string) => end('ROLLBACK TO turn; RELEASE turn', reason);
  const timeout = setTimeout(
    () => undo(`a transaction took longer than ${timeoutMs} ms and was undone: it may only ask the database`),
    timeoutMs,
  );

  return {
    ended: ended.promise,
    turn: {
      run(statement) {
        if (over) throw over;
        // NOTE: some failures undo the whole batch; what came after them would not be undone any more.
        if (!connection.inTransaction) throw lost();
        return statement();
      },
      async commit() {
        if (over) throw over;
        end('RELEASE turn', 'the transaction has ended');
        await durable;
      },
      rollback: () => undo('the transaction has ended'),
    },
  };
}

const lost = () => new DatabaseUnavailableError('a statement undid the whole transaction');
