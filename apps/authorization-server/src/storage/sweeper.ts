import type { Logger } from '@latchkey/service';
import type { Artifacts } from './artifacts.ts';
import type { SessionGrants } from './session-grants.ts';
import type { Sessions } from './sessions.ts';

export interface SweeperNeeds {
  readonly artifacts: Artifacts;
  readonly sessionGrants: SessionGrants;
  readonly sessions: Sessions;
  readonly logger: Logger;
}

const everyMs = 60_000;
const batch = 1_000;
/** Longer than any session lives, however often it is renewed. */
const sessionGrantAgeMs = 400 * 24 * 60 * 60 * 1000;

/** Forgets what has run out, in small batches, so that the database stays as large as what is alive. */
export function startSweeper({ artifacts, sessionGrants, sessions, logger }: SweeperNeeds): { stop(): void } {
  const timer = setInterval(async () => {
    try {
      const swept = await Promise.all([
        artifacts.sweep(batch),
        sessions.sweep(batch),
        sessionGrants.sweep(sessionGrantAgeMs, batch),
      ]);
      logger.debug({ artifacts: swept[0], sessions: swept[1], sessionGrants: swept[2] }, 'swept');
    } catch (error) {
      logger.warn({ err: error }, 'could not sweep');
    }
  }, everyMs);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
