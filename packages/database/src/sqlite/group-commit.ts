import { setTimeout as delay } from 'node:timers/promises';
import type Sqlite from 'better-sqlite3';
import { DatabaseUnavailableError } from '../unavailable.ts';
import { isBusy, sqliteFailure } from './sqlite-failures.ts';

/*
 * Making a transaction durable costs a write to the disk, whatever it holds. So all that is written within one turn of
 * the event loop goes into one transaction, and nobody is answered before it is on the disk:
 *
 *   - statements wait in line; at the end of the turn they run one after the other, then one commit, then all are answered
 *   - one that fails is undone alone and says why; when the commit fails nothing of the batch has happened, for anybody
 *   - a transaction of several statements gets the connection to itself when its turn comes, inside a savepoint
 *   - the write lock of the file is held only while a batch runs, so other processes get their turn
 *   - reads between two batches see what is durable, never what may still be undone
 */

export interface GroupCommit {
  /** Runs a statement within the next batch. Resolves once it is durable. */
  write<Value>(statement: () => Value): Promise<Value>;
  /** Waits for this transaction's turn. */
  begin(): Promise<Turn>;
  /** Resolves when no turn is under way. Undefined when that is now. */
  quiet(): Promise<void> | undefined;
  /** Waits for everything that was asked for. */
  drained(): Promise<void>;
}

/** The time in which one transaction has the connection to itself. It does nothing but ask the database, so it is short. */
export interface Turn {
  /** Resolves once it is durable. */
  commit(): Promise<void>;
  /** Undoes what was done since the turn began. */
  rollback(): void;
}

interface Job {
  /** Runs within the batch; rejecting is its own affair, throwing is the batch's. */
  run(): void | Promise<void>;
  settle(): void;
  fail(error: unknown): void;
}

export interface GroupCommitOptions {
  readonly connection: Sqlite.Database;
  /** How long a batch waits for another process's transaction, in milliseconds. */
  readonly busyTimeoutMs: number;
}

export function createGroupCommit({ connection, busyTimeoutMs }: GroupCommitOptions): GroupCommit {
  const beginBatch = connection.prepare('BEGIN IMMEDIATE');
  const commitBatch = connection.prepare('COMMIT');
  let waiting: Job[] = [];
  let running: Promise<void> | undefined;
  let scheduled = false;
  /** While a turn goes on, others would see what it has not committed. */
  let visible: PromiseWithResolvers<void> | undefined;

  function enqueue(job: Job): void {
    waiting.push(job);
    if (scheduled) return;
    scheduled = true;
    if (!running) setImmediate(next);
  }

  function next(): void {
    scheduled = false;
    running = runBatch().finally(() => {
      running = undefined;
      if (scheduled) setImmediate(next);
    });
  }

  async function runBatch(): Promise<void> {
    let jobs: Job[] = [];
    try {
      // NOTE: asked for synchronously when the lock is free, which it nearly always is.
      if (!tryBegin()) await waitToBegin();
      [jobs, waiting] = [waiting, []];
      for (const job of jobs) {
        const turn = job.run();
        if (!turn) continue;
        visible ??= Promise.withResolvers();
        await turn;
      }
      commitBatch.run();
      for (const job of jobs) job.settle();
    } catch (error) {
      if (jobs.length === 0) [jobs, waiting] = [waiting, []];
      if (connection.inTransaction) connection.exec('ROLLBACK');
      const failure = sqliteFailure(error);
      for (const job of jobs) job.fail(failure);
    } finally {
      visible?.resolve();
      visible = undefined;
    }
  }

  function tryBegin(): boolean {
    try {
      beginBatch.run();
      return true;
    } catch (error) {
      if (isBusy(error)) return false;
      throw error;
    }
  }

  async function waitToBegin(): Promise<void> {
    const deadline = performance.now() + busyTimeoutMs;
    for (;;) {
      // NOTE: at odds with other processes' rhythm, so that none of them always comes too late.
      await delay(1 + Math.random() * 9);
      if (performance.now() >= deadline) return void beginBatch.run();
      if (tryBegin()) return;
    }
  }

  /** Some failures undo the whole transaction, and then there is nothing left that could be committed. */
  function throwIfLost(error: unknown): void {
    if (!connection.inTransaction) throw error;
  }

  return {
    write(statement) {
      const { promise, resolve, reject } = Promise.withResolvers<ReturnType<typeof statement>>();
      let settle: () => void = () => {};
      enqueue({
        run() {
          try {
            const value = statement();
            settle = () => resolve(value);
          } catch (error) {
            throwIfLost(error);
            settle = () => reject(sqliteFailure(error));
          }
        },
        settle: () => settle(),
        fail: reject,
      });
      return promise;
    },
    begin() {
      const turn = Promise.withResolvers<Turn>();
      const ended = Promise.withResolvers<void>();
      const durable = Promise.withResolvers<void>();
      // NOTE: somebody listens only if the transaction gets as far as its commit.
      durable.promise.catch(() => {});
      enqueue({
        async run() {
          connection.exec('SAVEPOINT turn');
          turn.resolve({
            commit() {
              if (connection.inTransaction) connection.exec('RELEASE turn');
              ended.resolve();
              return durable.promise;
            },
            rollback() {
              if (connection.inTransaction) connection.exec('ROLLBACK TO turn; RELEASE turn');
              ended.resolve();
            },
          });
          await ended.promise;
          if (!connection.inTransaction) throw new DatabaseUnavailableError('a statement undid the whole transaction');
        },
        settle: durable.resolve,
        fail(error) {
          turn.reject(error);
          durable.reject(error);
        },
      });
      return turn.promise;
    },
    quiet: () => visible?.promise,
    async drained() {
      while (running || waiting.length > 0) await (running ?? new Promise((resolve) => setImmediate(resolve)));
    },
  };
}
