import type { Session } from '../session/sessions.ts';

/** A write at the API that waits for a new authorization. */
export interface PendingAction {
  readonly method: string;
  /** At the API, without a query. */
  readonly path: string;
  /** As JSON text. */
  readonly body?: string | undefined;
}

/** What becomes of actions is the business of whoever knows the API. */
export interface PendingActions {
  /** The action that a form describes; undefined for anything that this app does not do. */
  read(form: unknown): PendingAction | undefined;
  /** For a form: says whose page it is on, readable for nobody, so that it can go on after their session has ended. */
  markOf(sub: string): string;
  /** The `sub` in such a mark; undefined for anything that we have not made. */
  actorIn(mark: unknown): string | undefined;
  /** @returns how it ended, as the `notice` of the page that comes next */
  carryOut(session: Session, action: PendingAction): Promise<string>;
}
