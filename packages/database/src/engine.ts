import type { Dialect, QueryResult } from 'kysely';

/** What both engines can do, each in its own way. */
export interface Engine {
  readonly name: 'sqlite' | 'postgres';
  /** Names of the migrations that were applied when it was opened. */
  readonly applied: readonly string[];
  readonly dialect: Dialect;
  /** Runs one statement that the dialect's compiler has made. */
  run(sql: string, parameters: readonly unknown[]): Promise<QueryResult<unknown>>;
  /** Proves that something can be written, and made durable. */
  ping(): Promise<void>;
  /** Leaves nothing of rows that were deleted from this table in what this program writes. */
  purge(table: string): Promise<void>;
  /** Gives a bit of the room that deleted rows have left back to the disk, if it is much. */
  shrink(): Promise<void>;
  /** Whether a transaction failed only because another ran at the same time, so that running it again is right. */
  isConflict(error: unknown): boolean;
  /** Waits for everything that was asked for. */
  close(): Promise<void>;
}
