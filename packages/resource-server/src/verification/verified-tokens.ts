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
}

/**
 * What is kept is who the token speaks for, and nothing that was decided about it: scopes, revocation and proofs are
 * looked at in each request. An entry counts only under the keys that it was verified with, and until the token ends.
 * There is one for each issuer of each resource server, so what holds for one audience or issuer never answers for another.
 *
 * NOTE: two generations. When the young one is full it becomes the old one; what is asked for moves up, what is not goes.
 */
export function createVerifiedTokens({ maxEntries, nowSeconds }: VerifiedTokensOptions): VerifiedTokens {
  const generation = Math.max(1, Math.floor(maxEntries / 2));
  let young = new Map<string, Entry>();
  let old = new Map<string, Entry>();

  function put(key: string, entry: Entry) {
    if (young.size >= generation) {
      old = young;
      young = new Map();
    }
    young.set(key, entry);
  }

  return {
    find(key, revision) {
      let entry = young.get(key);
      if (!entry) {
        entry = old.get(key);
        if (!entry) return undefined;
        old.delete(key);
        put(key, entry);
      }
      return entry.revision === revision && nowSeconds() < entry.untilSeconds ? entry.principal : undefined;
    },
    keep(key, revision, principal, untilSeconds) {
      put(key, { principal, revision, untilSeconds });
    },
  };
}

/** A token is looked up by its digest: whoever reads the memory of the cache's keys gets no token from them. */
export function digestOf(token: string): string {
  return hash('sha256', token, 'base64');
}
