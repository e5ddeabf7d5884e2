import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import type Sqlite from 'better-sqlite3';
import { isBusy, sqliteFailure } from './sqlite-failures.ts';
import { openTurn, type Turn } from './sqlite-turn.ts';

/*
 * Making a transaction durable costs a write to the disk, whatever it holds. So all that is written within one turn of
 * the event loop goes into one transaction, and nobody is answered before it is on the disk:
 *
 *   - statements wait in line; at the end of the turn they run one after the other, then one commit, then all are answered
 *   - one that fails is undone alone and says why; when the commit fails nothing of the batch has happened, for anybody
 *   - a transaction of several statements gets the connection to itself when its turn comes, inside a savepoint
 *   - the write lock of the file is held only while a batch runs, so other processes get their turn
 *   - reads between two batches see what is durable, never what may still be undone
 *
 * NOTE: a constraint that is deferred would be noticed at the commit only, and fail all. The timeline has none.
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
  /** How long a transaction may have the connection to itself, in milliseconds. */
  readonly turnTimeoutMs: number;
}

export function createGroupCommit({ connection, busyTimeoutMs, turnTimeoutMs }: GroupCommitOptions): GroupCommit {
  const beginBatch = connection.prepare('BEGIN IMMEDIATE');
  const commitBatch = connection.prepare('COMMIT');
  let waiting: Job[] = [];
  let running: Promise<void> | undefined;
  let scheduled = false;
  /** While a turn goes on, others would see what it has not committed. */
  let visible: PromiseWithResolvers<void> | undefined;

  function enqueue(job: Job): void {
    waiting.push(job);
    schedule();
  }

  function schedule(): void {
    if (scheduled || running || waiting.length === 0) return;
    scheduled = true;
    setImmediate(next);
  }

  function next(): void {
    scheduled = false;
    running = runBatch().finally(() => {
      running = undefined;
      schedule();
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
      const failure = sqliteFailure(undo() ?? error);
      for (const job of jobs) job.fail(failure);
    } finally {
      visible?.resolve();
      visible = undefined;
    }
  }

  /** Gives what went wrong, if it did: whoever waits must hear it. */
  function undo(): unknown {
    try {
      if (connection.inTransaction) connection.exec('ROLLBACK');
      return undefined;
    } catch (error) {
      return error;
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
            // NOTE: some failures undo the whole transaction, and then there is nothing left that could be committed.
            if (!connection.inTransaction) throw error;
            settle = () => reject(sqliteFailure(error));
          }
        },
        settle: () => settle(),
        fail: reject,
      });
      return promise;
    },
    begin() {
      const begun = Promise.withResolvers<Turn>();
      const durable = Promise.withResolvers<void>();
      // NOTE: somebody listens only if the transaction gets as far as its commit.
      durable.promise.catch(() => {});
      enqueue({
        run() {
          const { turn, ended } = openTurn({ connection, durable: durable.promise, timeoutMs: turnTimeoutMs });
          begun.resolve(turn);
          return ended;
        },
        settle: durable.resolve,
        fail(error) {
          begun.reject(error);
          durable.reject(error);
        },
      });
      return begun.promise;
    },
    quiet: () => visible?.promise,
    async drained() {
      // NOTE: what was asked for just now has not come here yet.
      do await (running ?? nextTurn());
      while (running || waiting.length > 0);
    },
  };
}
