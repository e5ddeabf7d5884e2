import type { Logger } from './logger.ts';

/** One clear line when the database goes away and one when it is back, however many requests meet it meanwhile. */
export function logOutages(logger: Logger) {
  return {
    lost(error: Error): void {
      logger.error({ reason: error.message }, 'the database does not answer; requests get a 503 until it does');
    },
    back(afterMs: number): void {
      logger.info({ afterMs }, 'the database answers again');
    },
  };
}
