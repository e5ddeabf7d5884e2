import type { TokenSet } from '../session/sessions.ts';
import type { RefreshMode } from '../settings.ts';

type Lifetime = Pick<TokenSet, 'receivedAt' | 'expiresIn'>;

const aheadSeconds = 60;

/** When the token ends, epoch milliseconds; undefined when the server did not say. */
function expiresAt({ receivedAt, expiresIn }: Lifetime): number | undefined {
  return expiresIn === undefined ? undefined : receivedAt + expiresIn * 1000;
}

/** When to renew, epoch milliseconds: a minute before the end, or at half life if the whole life is under two minutes. */
function renewAt({ receivedAt, expiresIn }: Lifetime): number | undefined {
  if (expiresIn === undefined) return undefined;
  const seconds = expiresIn < 2 * aheadSeconds ? expiresIn / 2 : expiresIn - aheadSeconds;
  return receivedAt + seconds * 1000;
}

export function isExpired(tokens: Lifetime, now: number): boolean {
  const end = expiresAt(tokens);
  return end !== undefined && now >= end;
}

/** Whether to renew before the token is used. */
export function isDue(tokens: Lifetime, mode: RefreshMode, now: number): boolean {
  if (mode === 'reactive') return false;
  const at = renewAt(tokens);
  return at !== undefined && now >= at;
}

/** Whole seconds until the token ends, never below zero. */
export function secondsLeft(tokens: Lifetime, now: number): number | undefined {
  const end = expiresAt(tokens);
  return end === undefined ? undefined : Math.max(0, Math.floor((end - now) / 1000));
}
