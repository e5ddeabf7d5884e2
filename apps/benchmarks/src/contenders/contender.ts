/**
 * The servers that take part: how each is started, told about its client and person, and entered. What is asked of them
 * is the scenarios' affair.
 */
import type { RunningServer } from './running-server.ts';

/** A server that takes part, and who asks it. */
export interface Rival<Server extends Asked = RunningServer, Guest = Visitor> {
  readonly name: string;
  readonly server: Server;
  /** As many as there are connections. */
  readonly visitors: readonly Guest[];
}

/** What is asked and watched of every server that is measured. */
export interface Asked {
  readonly port: number;
  /** What it has had of a core until now; undefined where the system does not tell. */
  cpuSeconds(): number | undefined;
}

/** An authorization server that takes part, with everything that it was told beforehand. */
export interface Contender extends Rival {
  /** Whether much was stored in it beforehand. */
  readonly isFilled: boolean;
}

/** A browser session and a line of refresh tokens that nobody else uses. */
export interface Visitor {
  /** The Cookie header of a signed-in session. */
  readonly cookie: string;
  /** The refresh token that is to be used next. */
  refreshToken: string;
}
