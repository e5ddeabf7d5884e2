import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Kysely, type Transaction } from 'kysely';
import type { Engine } from './engine.ts';
import { openPostgres } from './postgres/open-postgres.ts';
import { createPrepare, type Prepare } from './prepared.ts';
import { openSqlite } from './sqlite/open-sqlite.ts';
import { DatabaseUnavailableError, type OutageListener, watchOutages } from './unavailable.ts';
import { hasWritten, watchedDialect } from './watched-dialect.ts';

export interface OpenDatabaseOptions {
  /** `postgres://…`; undefined for the embedded database. */
  readonly url?: string | undefined;
  /** Path of the SQLite file, used without a URL; its folder is made when it is not there. `:memory:` for one that goes with the process. */
  readonly file: string;
  /** Folder with the `0001-….sql` timeline. */
  readonly migrations: string;
  /** Schema in PostgreSQL, so that several apps may share one database; the migrations folder's name if it is not given. */
  readonly schema?: string;
  /** How long a writer waits for another process's transaction in SQLite, in milliseconds. */
  readonly busyTimeoutMs?: number;
  /** Connections to PostgreSQL, at most. */
  readonly poolSize?: number;
  /** After this long a statement in PostgreSQL is given up, in milliseconds. */
  readonly statementTimeoutMs?: number;
  readonly onOutage?: OutageListener;
}

export interface Database<Tables> extends AsyncDisposable {
  readonly engine: 'sqlite' | 'postgres';
  /** Names of the migrations that were applied when it was opened. */
  readonly applied: readonly string[];
  /** Single statements; each is a transaction of its own. */
  readonly query: Kysely<Tables>;
  readonly prepare: Prepare;
  /**
   * Several statements that happen together or not at all, as if no other transaction ran meanwhile. Does nothing but
   * ask `transaction`: it may run more than once, and others may wait for its end. Asking `query` or `prepare` in it
   * would be waiting for itself, so that it is undone after a while.
   */
  transact<Value>(work: (transaction: Transaction<Tables>) => Promise<Value>): Promise<Value>;
  /** Rejects when nothing can be written. */
  ping(): Promise<void>;
  /** Leaves nothing of rows that were deleted in what this program writes: neither in the file nor in its log. */
  purge(table: string & keyof Tables): Promise<void>;
  /** Gives a bit of the room that deleted rows have left back to the disk, if it is much. */
  shrink(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens PostgreSQL where a URL is given and the embedded SQLite otherwise, and applies missing migrations.
 *
 * @throws {DatabaseTooNewError} when a newer program has written the database
 * @throws {DatabaseUnavailableError} when it cannot be reached, or is locked
 */
export async function openDatabase<Tables>({
  url,
  file,
  migrations,
  schema = basename(migrations).replaceAll('-', '_'),
  busyTimeoutMs = 3_000,
  poolSize = 10,
  statementTimeoutMs = 10_000,
  onOutage,
}: OpenDatabaseOptions): Promise<Database<Tables>> {
  const engine =
    url === undefined
      ? await openSqlite({ file, migrations, busyTimeoutMs })
      : await openPostgres({ url, schema, migrations, poolSize, statementTimeoutMs });
  const outages = watchOutages(onOutage);
  const query = new Kysely<Tables>({ dialect: watchedDialect(engine.dialect, outages) });
  let closing: Promise<void> | undefined;
  // NOTE: the engine first, which waits for what was asked for. The query builder would turn it away.
  const close = () => {
    closing ??= engine.close().then(() => query.destroy());
    return closing;
  };
  return {
    engine: engine.name,
    applied: engine.applied,
    query,
    shrink: () => engine.shrink(),
    purge: (table) => engine.purge(table),
    prepare: createPrepare((sql, parameters) => outages.watchedWrite(engine.run(sql, parameters), hasWritten)),
    transact: (work) => repeated(engine, () => transaction(engine, query).execute(work)),
    ping: () => outages.watchedWrite(withinTime(engine.ping())),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function transaction<Tables>(engine: Engine, query: Kysely<Tables>) {
  return engine.name === 'postgres' ? query.transaction().setIsolationLevel('serializable') : query.transaction();
}

const mostAttempts = 10;

/** Runs again what lost to another transaction, after a while that grows and differs between those that collided. */
async function repeated<Value>(engine: Engine, work: () => Promise<Value>): Promise<Value> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!engine.isConflict(error) || attempt === mostAttempts) throw error;
      await delay(Math.random() * 10 * 2 ** Math.min(attempt, 5));
    }
  }
}

const pingPatienceMs = 2_000;

async function withinTime(ping: Promise<void>): Promise<void> {
  const timer = Promise.withResolvers<void>();
  const timeout = setTimeout(
    () => timer.reject(new DatabaseUnavailableError(`no answer within ${pingPatienceMs} ms`)),
    pingPatienceMs,
  );
  try {
    await Promise.race([ping, timer.promise]);
  } finally {
    clearTimeout(timeout);
    ping.catch(() => {});
  }
}
