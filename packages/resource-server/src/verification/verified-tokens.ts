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
  find(token: string, revision: number): Principal | undefined;
  /** @param untilSeconds not used from then on */
  keep(token: string, revision: number, principal: Principal, untilSeconds: number): void;
}

interface Entry {
  readonly token: string;
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
  const byDigest = new Map<string, Entry>();
  // NOTE: to make a digest takes longer than everything else that a known token needs, so it is looked for by its end
  // first, and compared as a whole: another token with the same end is no acquaintance.
  const byEnd = new Map<string, Entry>();
  // NOTE: kept between calls, since a new iterator would pass all places of those that went before.
  let line = byDigest.entries();

  function makeRoom() {
    while (byDigest.size >= maxEntries) {
      const next = line.next();
      if (next.done) {
        line = byDigest.entries();
        continue;
      }
      const [digest, entry] = next.value;
      byDigest.delete(digest);
      if (entry.asked) {
        entry.asked = false;
        byDigest.set(digest, entry);
      } else if (byEnd.get(endOf(entry.token)) === entry) byEnd.delete(endOf(entry.token));
    }
  }

  return {
    find(token, revision) {
      const likely = byEnd.get(endOf(token));
      const entry = likely?.token === token ? likely : byDigest.get(digestOf(token));
      if (!entry || entry.revision !== revision || nowSeconds() >= entry.untilSeconds) return undefined;
      entry.asked = true;
      return entry.principal;
    },
    keep(token, revision, principal, untilSeconds) {
      const entry = { token, principal, revision, untilSeconds, asked: false };
      const digest = digestOf(token);
      byDigest.delete(digest);
      makeRoom();
      byDigest.set(digest, entry);
      byEnd.set(endOf(token), entry);
    },
  };
}

/** Of a signature, so that hardly two are alike. */
function endOf(token: string): string {
  return token.slice(-24);
}

/** What a token is looked up by: of one length whatever a token's is, and the same for no two of them. */
function digestOf(token: string): string {
  return hash('sha256', token, 'base64');
}
