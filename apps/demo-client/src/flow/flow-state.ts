import type { Session } from '../session/sessions.ts';
import type { RefreshMode } from '../settings.ts';
import type { FlowState } from './presented-exchange.ts';

export interface FlowStateNeeds {
  readonly now: number;
  /** How far the clock of the apps has been moved, milliseconds; undefined where it cannot be. */
  readonly clockAheadMs?: number | undefined;
  /** Of sessions whose person has chosen none. */
  readonly refreshMode: RefreshMode;
  /** Milliseconds. */
  readonly lifetimes: { readonly idleMs: number; readonly absoluteMs: number };
}

/** Who is signed in, and what runs out when. */
export function flowState(session: Session | undefined, needs: FlowStateNeeds): FlowState {
  const { now, clockAheadMs, refreshMode, lifetimes } = needs;
  const clock = { now, ...(clockAheadMs !== undefined && { clockAheadMs }) };
  if (!session) return { signedIn: false, scopes: [], refreshMode, ...clock };
  const { receivedAt, expiresIn, granted } = session.tokens;
  const person = session.person.name ?? session.person.username;
  const isIdle = session.idleEndsAt < session.endsAt;
  const endsAt = isIdle ? session.idleEndsAt : session.endsAt;
  return {
    signedIn: true,
    ...(person !== undefined && { person }),
    scopes: granted,
    refreshMode: session.refreshMode,
    ...clock,
    ...(expiresIn !== undefined && {
      accessToken: { startedAt: receivedAt, endsAt: receivedAt + expiresIn * 1_000 },
    }),
    session: { startedAt: endsAt - (isIdle ? lifetimes.idleMs : lifetimes.absoluteMs), endsAt },
  };
}
