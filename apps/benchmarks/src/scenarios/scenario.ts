import type { Visitor } from '../contenders/contender.ts';
import type { RunningServer } from '../contenders/running-server.ts';
import type { Connection } from '../load/connection.ts';

/** What is asked of every contender in the same way. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** The ratio to the bare server that ours is to reach. */
  readonly aim?: number;
  /** Everything that is not timed. */
  prepare(turn: Turn): Promise<Step>;
}

/** One unit of work on one lane. False when there is nothing left to do. */
export type Step = (lane: Lane) => Promise<boolean>;

/** A contender's turn at a scenario. */
export interface Turn {
  readonly server: RunningServer;
  readonly lanes: readonly Lane[];
  /** How long the timed part will be. */
  readonly seconds: number;
}

/** Where one request follows the other. */
export interface Lane {
  readonly connection: Connection;
  readonly visitor: Visitor;
}
