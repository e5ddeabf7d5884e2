/**
 * The database cannot do its work right now: locked, full, restarting, out of reach. Nothing was half written, and the
 * same request may well succeed in a moment. Carries the HTTP status that an app answers with.
 */
export class DatabaseUnavailableError extends Error {
  readonly status = 503;

  constructor(cause: unknown) {
    super(`the database is not available: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = 'DatabaseUnavailableError';
  }
}

/** Told once when the database goes away and once when it is back, however many requests meet it meanwhile. */
export interface OutageListener {
  lost(error: DatabaseUnavailableError): void;
  back(afterMs: number): void;
}

export interface OutageWatch {
  /** Notes how a piece of work ended; gives what it gave. */
  watched<Value>(work: Promise<Value>): Promise<Value>;
  failed(error: unknown): void;
  succeeded(): void;
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
  return {
    failed,
    succeeded,
    async watched(work) {
      try {
        const value = await work;
        succeeded();
        return value;
      } catch (error) {
        failed(error);
        throw error;
      }
    },
  };
}
