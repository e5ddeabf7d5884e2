/**
 * The database cannot do its work right now: locked, full, restarting, out of reach. Nothing was half written, and the
 * same request may well succeed in a moment. Whether it was written at all is open only where the connection broke
 * while PostgreSQL committed. Carries the HTTP status that an app answers with.
 */
export class DatabaseUnavailableError extends Error {
  readonly status = 503;

  constructor(cause: unknown) {
    super(`the database is not available: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = 'DatabaseUnavailableError';
  }
}

/** The database is there and does not let the program in: its address, name or password has to be mended first. */
export class DatabaseRefusedError extends Error {
  override readonly name = 'DatabaseRefusedError';
}

/** Told once when the database goes away and once when it is back, however many requests meet it meanwhile. */
export interface OutageListener {
  lost(error: DatabaseUnavailableError): void;
  /** Something could be written again. What can only be read, as a locked file or a server in recovery, is not back. */
  back(afterMs: number): void;
}

export interface OutageWatch {
  /** Notes when it fails; gives what it gave. */
  watched<Value>(work: Promise<Value>): Promise<Value>;
  /** Notes, besides, that something could be written if `wrote` says so of its outcome. */
  watchedWrite<Value>(work: Promise<Value>, wrote?: (value: Value) => boolean): Promise<Value>;
}

export function watchOutages(listener: OutageListener | undefined): OutageWatch {
  let since: number | undefined;
  const failed = (error: unknown) => {
    if (!(error instanceof DatabaseUnavailableError) || since !== undefined) return;
    since = performance.now();
    listener?.lost(error);
  };
  const succeeded = () => {
    if (since === undefined) return;
    const afterMs = Math.round(performance.now() - since);
    since = undefined;
    listener?.back(afterMs);
  };
  const watchedWrite: OutageWatch['watchedWrite'] = async (work, wrote = () => true) => {
    try {
      const value = await work;
      if (wrote(value)) succeeded();
      return value;
    } catch (error) {
      failed(error);
      throw error;
    }
  };
  return { watchedWrite, watched: (work) => watchedWrite(work, () => false) };
}
