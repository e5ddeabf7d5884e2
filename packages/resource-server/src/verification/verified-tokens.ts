import { hash } from 'node:crypto';
import type { Principal } from './principal.ts';

export interface VerifiedTokensOptions {
  /** How many at most. */
  readonly maxEntries: number;
  /** Seconds since the epoch. */
  readonly nowSeconds: () => number;
}

/** The principals of tokens that were verified before. */
export interface VerifiedTokens {
  find(key: string, revision: number): Principal | undefined;
  /** @param untilSeconds not used from then on */
  keep(key: string, revision: number, principal: Principal, untilSeconds: number): void;
}

interface Entry {
  readonly principal: Principal;
  readonly revision: number;
  readonly untilSeconds: number;
  /** Since it was last looked at for room. */
  asked: boolean;
}

/**
 * What is kept is who the token speaks for, and nothing that was decided about it: scopes, revocation and proofs are
 * looked at in each request. An entry counts only under the keys that it was verified with, and until the token ends.
 * There is one for each issuer of each resource server, so what holds for one audience or issuer never answers for another.
 *
 * NOTE: where room is needed, the oldest goes; one that was asked for meanwhile goes to the end of the line instead.
 */
export function createVerifiedTokens({ maxEntries, nowSeconds }: VerifiedTokensOptions): VerifiedTokens {
  const entries = new Map<string, Entry>();
  // NOTE: kept between calls, since a new iterator would pass all places of those that went before.
  let line = entries.entries();

  function makeRoom() {
    while (entries.size >= maxEntries) {
      const next = line.next();
      if (next.done) {
        line = entries.entries();
        continue;
      }
      const [key, entry] = next.value;
      entries.delete(key);
      if (!entry.asked) continue;
      entry.asked = false;
      entries.set(key, entry);
    }
  }

  return {
    find(key, revision) {
      const entry = entries.get(key);
      if (!entry || entry.revision !== revision || nowSeconds() >= entry.untilSeconds) return undefined;
      entry.asked = true;
      return entry.principal;
    },
    keep(key, revision, principal, untilSeconds) {
      entries.delete(key);
      makeRoom();
      entries.set(key, { principal, revision, untilSeconds, asked: false });
    },
  };
}

/** What a token is looked up by: of one length whatever a token's is, and the same for no two of them. */
export function digestOf(token: string): string {
  return hash('sha256', token, 'base64');
}
