import type { Asked, Visitor } from '../contenders/contender.ts';
import type { RunningServer } from '../contenders/running-server.ts';
import type { Connection } from '../load/connection.ts';

/** What is asked of every contender in the same way. */
export interface Scenario<Server extends Asked = RunningServer, Guest = Visitor> {
  readonly name: string;
  readonly title: string;
  /** The ratio to what it is compared with that ours is to reach. */
  readonly aim?: number;
  /** Everything that is not timed. */
  prepare(turn: Turn<Server, Guest>): Promise<Step<Guest>>;
}

/** One unit of work on one lane. False when there is nothing left to do. */
export type Step<Guest = Visitor> = (lane: Lane<Guest>) => Promise<boolean>;

/** A contender's turn at a scenario. */
export interface Turn<Server extends Asked = RunningServer, Guest = Visitor> {
  readonly server: Server;
  readonly lanes: readonly Lane<Guest>[];
  /** How long the timed part will be. */
  readonly seconds: number;
}

/** Where one request follows the other. */
export interface Lane<Guest = Visitor> {
  readonly connection: Connection;
  readonly visitor: Guest;
}
