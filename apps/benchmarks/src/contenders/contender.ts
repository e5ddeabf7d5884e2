/**
 * The servers that take part: how each is started, told about its client and person, and entered. What is asked of them
 * is the scenarios' affair.
 */
import type { RunningServer } from './running-server.ts';

/** A server that takes part, with everything that it was told beforehand. */
export interface Contender {
  readonly name: string;
  /** Whether much was stored in it beforehand. */
  readonly isFilled: boolean;
  readonly server: RunningServer;
  /** As many as there are connections. */
  readonly visitors: readonly Visitor[];
}

/** A browser session and a line of refresh tokens that nobody else uses. */
export interface Visitor {
  /** The Cookie header of a signed-in session. */
  readonly cookie: string;
  /** The refresh token that is to be used next. */
  refreshToken: string;
}
